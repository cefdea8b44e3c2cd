/**
 * The Nexmark queries this engine is measured by, as SQL. Q12 asks for windows of processing time; event time stands for it here,
 * which is as much work.
 */
const COUNTS = `SELECT auction, count(*) AS num, window_start, window_end
  FROM HOP(bid, date_time, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY auction, window_start, window_end`;

export const QUERIES: Readonly<Record<string, string>> = {
  q0: 'SELECT auction, bidder, price, date_time, extra FROM bid',
  q1: 'SELECT auction, bidder, 0.908 * price AS price, date_time, extra FROM bid',
  q2: 'SELECT auction, price FROM bid WHERE mod(auction, 123) = 0',
  q5: `SELECT b.auction, b.num FROM (${COUNTS}) AS b
    JOIN (SELECT max(num) AS maxn, window_start, window_end FROM (${COUNTS}) AS c GROUP BY window_start, window_end) AS m
    ON b.window_start = m.window_start AND b.window_end = m.window_end AND b.num >= m.maxn`,
  q7: `SELECT b.auction, b.price, b.bidder, b.date_time, b.extra
    FROM bid b JOIN (SELECT max(price) AS maxprice, window_end FROM TUMBLE(bid, date_time, INTERVAL '10 seconds') GROUP BY window_start, window_end) AS m
    ON b.price = m.maxprice WHERE b.date_time BETWEEN m.window_end - INTERVAL '10 seconds' AND m.window_end`,
  q8: `SELECT p.id, p.name, p.window_start
    FROM (SELECT id, name, window_start, window_end FROM TUMBLE(person, date_time, INTERVAL '10 seconds') GROUP BY id, name, window_start, window_end) AS p
    JOIN (SELECT seller, window_start, window_end FROM TUMBLE(auction, date_time, INTERVAL '10 seconds') GROUP BY seller, window_start, window_end) AS a
    ON p.id = a.seller AND p.window_start = a.window_start AND p.window_end = a.window_end`,
  q12: `SELECT bidder, count(*) AS bid_count, window_start, window_end
    FROM TUMBLE(bid, date_time, INTERVAL '10 seconds') GROUP BY bidder, window_start, window_end`,
  q17: `SELECT auction, date_time::date AS day, count(*) AS total_bids,
      count(*) FILTER (WHERE price < 10000) AS rank1_bids,
      count(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bids,
      count(*) FILTER (WHERE price >= 1000000) AS rank3_bids,
      min(price) AS min_price, max(price) AS max_price, avg(price) AS avg_price, sum(price) AS sum_price
    FROM bid GROUP BY auction, date_time::date`,
};
