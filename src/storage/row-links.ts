/** One 32-bit number per row, in chunks, so that growing copies nothing. Unwritten places hold -1. */
const CHUNK_SHIFT = 12;
const CHUNK_ROWS = 1 << CHUNK_SHIFT;
const CHUNK_MASK = CHUNK_ROWS - 1;

export class RowLinks {
  #chunks: Int32Array[] = [];

  get(row: number): number {
    return (this.#chunks[row >>> CHUNK_SHIFT] as Int32Array)[row & CHUNK_MASK] as number;
  }

  /** As `get`, and -1 also where nothing was ever written. */
  peek(row: number): number {
    const chunk = this.#chunks[row >>> CHUNK_SHIFT];
    return chunk === undefined ? -1 : (chunk[row & CHUNK_MASK] as number);
  }

  set(row: number, value: number): void {
    const chunk = row >>> CHUNK_SHIFT;
    while (this.#chunks.length <= chunk) this.#chunks.push(new Int32Array(CHUNK_ROWS).fill(-1));
    (this.#chunks[chunk] as Int32Array)[row & CHUNK_MASK] = value;
  }

  clear(): void {
    this.#chunks = [];
  }

  get bytes(): number {
    return this.#chunks.length * 4 * CHUNK_ROWS;
  }
}
