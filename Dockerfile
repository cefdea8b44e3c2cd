# The server alone: built with the full Node image (better-sqlite3 is compiled), run on the slim one.
# Data lives in /data. Clients need a password: MILLRACE_PASSWORD, or MILLRACE_PASSWORD_FILE for a secret that is mounted;
# MILLRACE_AUTH=trust lets anybody in.
ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production MILLRACE_HOST=0.0.0.0 MILLRACE_DATA=/data
WORKDIR /app
COPY package.json LICENSE* ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/src ./dist/src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 7432
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/dist/src/main.js", "health"]
ENTRYPOINT ["node", "/app/dist/src/main.js"]
CMD ["start"]
