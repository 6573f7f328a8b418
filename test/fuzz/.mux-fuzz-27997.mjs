// test/fuzz/mux-fuzz.ts
import { readFileSync } from "node:fs";

// src/cli/mux/leb128.ts
var maxLebBytes = 10;
var plainGroups = 7;
function readUleb(bytes, at) {
  let low = 0;
  let high = 0n;
  for (let i = 0; i < maxLebBytes; i += 1) {
    const byte = bytes[at + i];
    if (byte === void 0) return { kind: "partial" };
    if (i === maxLebBytes - 1 && byte > 1) return { kind: "overflow" };
    if (i < plainGroups) low += (byte & 127) * 2 ** (7 * i);
    else high |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) {
      const whole = high + BigInt(low);
      const value = high === 0n ? low : whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
      return { kind: "value", value, next: at + i + 1 };
    }
  }
  return { kind: "overflow" };
}
function writeUleb(value) {
  const bytes = [];
  let rest = BigInt(value);
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? group : group | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

// src/cli/mux/zstd/bits.ts
var ZstdError = class extends Error {
  name = "ZstdError";
};
var fail = (what) => {
  throw new ZstdError(what);
};
var highestBit = (value) => 31 - Math.clz32(value);
function takeForward(bits, count) {
  if (bits.at + count > bits.bytes.length * 8) return fail("table description cut short");
  let value = 0;
  for (let i = 0; i < count; i += 1, bits.at += 1) {
    value |= ((bits.bytes[bits.at >> 3] ?? 0) >> (bits.at & 7) & 1) << i;
  }
  return value;
}
function openBackward(bytes) {
  const last = bytes.at(-1) ?? 0;
  if (last === 0) fail("bit stream without its end mark");
  return { bytes, left: (bytes.length - 1) * 8 + highestBit(last) };
}
function takeBackward(bits, count) {
  const top = bits.left - 1;
  bits.left -= count;
  let value = 0;
  for (let at = top; at >= bits.left; at -= 1) {
    value = value * 2 + (at < 0 ? 0 : (bits.bytes[at >> 3] ?? 0) >> (at & 7) & 1);
  }
  return value;
}

// src/cli/mux/zstd/fse.ts
var oneSymbol = (symbol) => ({
  accuracyLog: 0,
  symbols: Uint8Array.of(symbol),
  bits: Uint8Array.of(0),
  next: Uint16Array.of(0)
});
function buildTable(probabilities, accuracyLog) {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const state = new Uint16Array(probabilities.length);
  let high = size;
  probabilities.forEach((probability, symbol) => {
    if (probability !== -1) return;
    high -= 1;
    symbols[high] = symbol;
    state[symbol] = 1;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((probability, symbol) => {
    if (probability <= 0) return;
    state[symbol] = probability;
    for (let i = 0; i < probability; i += 1) {
      symbols[at] = symbol;
      do
        at = at + step & size - 1;
      while (at >= high);
    }
  });
  if (at !== 0) fail("probabilities do not fill the table");
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  symbols.forEach((symbol, i) => {
    const value = state[symbol] ?? 0;
    state[symbol] = value + 1;
    const count = accuracyLog - highestBit(value);
    bits[i] = count;
    next[i] = (value << count) - size;
  });
  return { accuracyLog, symbols, bits, next };
}
function readTable(source, maxLog, maxSymbol) {
  const accuracyLog = takeForward(source, 4) + 5;
  if (accuracyLog > maxLog) fail("accuracy too high");
  const probabilities = [];
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    if (probabilities.length > maxSymbol) fail("too many symbols");
    const width = highestBit(remaining + 1) + 1;
    const low = (1 << width - 1) - 1;
    const threshold = (1 << width) - 2 - remaining;
    let value = takeForward(source, width - 1);
    if (value >= threshold) {
      value |= takeForward(source, 1) << width - 1;
      if (value > low) value -= threshold;
    }
    const probability = value - 1;
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    if (probability !== 0) continue;
    for (let repeat2 = 3; repeat2 === 3; ) {
      repeat2 = takeForward(source, 2);
      for (let i = 0; i < repeat2; i += 1) probabilities.push(0);
    }
  }
  if (remaining !== 0 || probabilities.length > maxSymbol + 1) fail("probabilities do not add up");
  source.at = source.at + 7 & ~7;
  return buildTable(probabilities, accuracyLog);
}
var firstState = (table, source) => takeBackward(source, table.accuracyLog);
var nextState = (table, state, source) => (table.next[state] ?? 0) + takeBackward(source, table.bits[state] ?? 0);

// src/cli/mux/zstd/huffman.ts
function compressedWeights(bytes) {
  const head = { bytes, at: 0 };
  const table = readTable(head, 6, 255);
  const source = openBackward(bytes.subarray(head.at >> 3));
  const weights = [];
  let current = firstState(table, source);
  let other = firstState(table, source);
  if (source.left < 0) fail("weights cut short");
  for (; ; ) {
    weights.push(table.symbols[current] ?? 0);
    if (weights.length > 254) fail("too many weights");
    const stepped = nextState(table, current, source);
    current = other;
    other = stepped;
    if (source.left < 0) break;
  }
  weights.push(table.symbols[current] ?? 0);
  return weights;
}
function directWeights(bytes, count) {
  return Array.from({ length: count }, (_, i) => {
    const byte = bytes[i >> 1] ?? 0;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  });
}
function fromWeights(weights) {
  if (weights.some((weight) => weight > 11)) fail("weight too large");
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 1 << weight - 1 : 0), 0);
  const maxBits = highestBit(sum) + 1;
  const rest = (1 << maxBits) - sum;
  if (sum === 0 || maxBits > 11 || (rest & rest - 1) !== 0) fail("weights do not add up");
  const all = [...weights, highestBit(rest) + 1];
  const symbols = new Uint8Array(1 << maxBits);
  const bits = new Uint8Array(1 << maxBits);
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight += 1) {
    all.forEach((own, symbol) => {
      if (own !== weight) return;
      symbols.fill(symbol, at, at + (1 << weight - 1));
      bits.fill(maxBits + 1 - weight, at, at + (1 << weight - 1));
      at += 1 << weight - 1;
    });
  }
  return { maxBits, symbols, bits };
}
function readHuffman(bytes) {
  const head = bytes[0] ?? fail("no tree description");
  const length = head < 128 ? head : head - 126 >> 1;
  const body = bytes.subarray(1, 1 + length);
  if (body.length < length) fail("tree description cut short");
  const weights = head < 128 ? compressedWeights(body) : directWeights(body, head - 127);
  return { table: fromWeights(weights), sizeBytes: 1 + length };
}
function decodeStream(table, bytes, out) {
  const source = openBackward(bytes);
  const mask = (1 << table.maxBits) - 1;
  let state = takeBackward(source, table.maxBits);
  for (let i = 0; i < out.length; i += 1) {
    out[i] = table.symbols[state] ?? 0;
    const count = table.bits[state] ?? 0;
    state = (state << count | takeBackward(source, count)) & mask;
  }
  if (source.left !== -table.maxBits) fail("literal stream has another length");
}

// src/cli/mux/zstd/literals.ts
var little = (block, from, count) => {
  let value = 0;
  for (let i = count - 1; i >= 0; i -= 1) value = value * 256 + (block[from + i] ?? fail("block cut short"));
  return value;
};
function plain(block, repeated, limitBytes) {
  const form = little(block, 0, 1) >> 2 & 3;
  const head = form === 1 ? 2 : form === 3 ? 3 : 1;
  const size = little(block, 0, head) >> (head === 1 ? 3 : 4);
  if (size > limitBytes) fail("longer than allowed");
  if (repeated) {
    const bytes2 = new Uint8Array(size).fill(block[head] ?? fail("block cut short"));
    return { bytes: bytes2, sizeBytes: head + 1, tree: void 0 };
  }
  const bytes = block.subarray(head, head + size);
  if (bytes.length < size) fail("literals cut short");
  return { bytes, sizeBytes: head + size, tree: void 0 };
}
function streams(table, bytes, out) {
  const sizes = [little(bytes, 0, 2), little(bytes, 2, 2), little(bytes, 4, 2)];
  const share = out.length + 3 >> 2;
  if (share * 3 > out.length) fail("four streams for too few literals");
  let at = 6;
  sizes.forEach((size, i) => {
    if (at + size > bytes.length) fail("literal stream cut short");
    decodeStream(table, bytes.subarray(at, at + size), out.subarray(i * share, (i + 1) * share));
    at += size;
  });
  decodeStream(table, bytes.subarray(at), out.subarray(3 * share));
}
function coded(block, last, fresh, limitBytes) {
  const form = little(block, 0, 1) >> 2 & 3;
  const width = form < 2 ? 10 : form === 2 ? 14 : 18;
  const head = form < 2 ? 3 : form === 2 ? 4 : 5;
  const value = Math.floor((little(block, 0, 4) + (head === 5 ? little(block, 4, 1) * 2 ** 32 : 0)) / 16);
  const size = value % 2 ** width;
  const packed = Math.floor(value / 2 ** width) % 2 ** width;
  if (size > limitBytes) fail("longer than allowed");
  let body = block.subarray(head, head + packed);
  if (body.length < packed) fail("literals cut short");
  let tree = last;
  if (fresh) {
    const read = readHuffman(body);
    tree = read.table;
    body = body.subarray(read.sizeBytes);
  }
  if (!tree) return fail("no tree to repeat");
  const bytes = new Uint8Array(size);
  if (form === 0) decodeStream(tree, body, bytes);
  else streams(tree, body, bytes);
  return { bytes, sizeBytes: head + packed, tree };
}
function readLiterals(block, last, limitBytes) {
  const kind = little(block, 0, 1) & 3;
  return kind < 2 ? plain(block, kind === 1, limitBytes) : coded(block, last, kind === 2, limitBytes);
}

// src/cli/mux/zstd/sequences.ts
var freshMemory = () => ({ tables: [], offsets: [1, 4, 8] });
var ones = (count, value = 1) => Array(count).fill(value);
var kinds = [
  {
    maxLog: 9,
    maxSymbol: 35,
    standard: buildTable([4, 3, ...ones(11, 2), 1, 1, 1, ...ones(9, 2), 3, 2, ...ones(5), ...ones(4, -1)], 6)
  },
  { maxLog: 8, maxSymbol: 31, standard: buildTable([...ones(6), 2, 2, 2, ...ones(15), ...ones(5, -1)], 5) },
  {
    maxLog: 9,
    maxSymbol: 52,
    standard: buildTable([1, 4, 3, ...ones(6, 2), ...ones(37), ...ones(7, -1)], 6)
  }
];
var literalBits = [...ones(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
var matchBits = [...ones(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
var bases = (bits, first) => {
  let base = first;
  return bits.map((count) => {
    const own = base;
    base += 1 << count;
    return own;
  });
};
var literalBase = bases(literalBits, 0);
var matchBase = bases(matchBits, 3);
function readCount(block, at) {
  const byte = (i) => block[at + i] ?? fail("block cut short");
  const first = byte(0);
  if (first < 128) return { count: first, at: at + 1 };
  if (first < 255) return { count: (first - 128 << 8) + byte(1), at: at + 2 };
  return { count: byte(1) + (byte(2) << 8) + 32512, at: at + 3 };
}
function readTables(block, at, memory) {
  const modes = block[at] ?? fail("block cut short");
  if ((modes & 3) !== 0) fail("reserved bits are set");
  let end = at + 1;
  const tables = kinds.map((kind, i) => {
    const mode = modes >> 6 - 2 * i & 3;
    if (mode === 0) return kind.standard;
    if (mode === 3) return memory.tables[i] ?? fail("no table to repeat");
    if (mode === 1) {
      const symbol = block[end] ?? fail("block cut short");
      end += 1;
      return symbol > kind.maxSymbol ? fail("symbol out of range") : oneSymbol(symbol);
    }
    const source = { bytes: block, at: end * 8 };
    const table = readTable(source, kind.maxLog, kind.maxSymbol);
    end = source.at >> 3;
    return table;
  });
  return { tables, end };
}
function offsetOf(value, literals, memory) {
  const [first, second, third] = memory.offsets;
  const index = value > 3 ? 4 : value + (literals === 0 ? 1 : 0);
  if (index === 1) return first;
  if (index === 2) {
    memory.offsets = [second, first, third];
    return second;
  }
  const offset = value > 3 ? value - 3 : index === 3 ? third : first - 1;
  memory.offsets = [offset, first, second];
  return offset;
}
function runSequences(block, { count, at }, memory, emit) {
  const { tables, end } = readTables(block, at, memory);
  const [literalTable, offsetTable, matchTable] = tables;
  memory.tables = tables;
  const source = openBackward(block.subarray(end));
  let literalState = firstState(literalTable, source);
  let offsetState = firstState(offsetTable, source);
  let matchState = firstState(matchTable, source);
  for (let i = 0; i < count; i += 1) {
    if (source.left < 0) fail("sequences cut short");
    const offsetCode = offsetTable.symbols[offsetState] ?? 0;
    const matchCode = matchTable.symbols[matchState] ?? 0;
    const literalCode = literalTable.symbols[literalState] ?? 0;
    const value = 2 ** offsetCode + takeBackward(source, offsetCode);
    const match = (matchBase[matchCode] ?? 0) + takeBackward(source, matchBits[matchCode] ?? 0);
    const literals = (literalBase[literalCode] ?? 0) + takeBackward(source, literalBits[literalCode] ?? 0);
    emit(literals, offsetOf(value, literals, memory), match);
    if (i === count - 1) break;
    literalState = nextState(literalTable, literalState, source);
    matchState = nextState(matchTable, matchState, source);
    offsetState = nextState(offsetTable, offsetState, source);
  }
  if (source.left !== 0) fail("sequences do not end with their stream");
}

// src/cli/mux/zstd.ts
var maxBlockBytes = 128 * 1024;
function readHeader(input) {
  const byte = (at2) => input[at2] ?? fail("header cut short");
  if (byte(0) !== 40 || byte(1) !== 181 || byte(2) !== 47 || byte(3) !== 253) fail("not a zstd frame");
  const flags = byte(4);
  if ((flags & 8) !== 0) fail("reserved bit is set");
  if ((flags & 3) !== 0) fail("needs a dictionary");
  const single = (flags & 32) !== 0;
  const at = single ? 5 : 6;
  const width = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  let content = 0;
  for (let i = width - 1; i >= 0; i -= 1) content = content * 256 + byte(at + i);
  if (width === 2) content += 256;
  return {
    sizeBytes: at + width,
    contentBytes: width === 0 ? void 0 : content,
    checksum: (flags & 4) !== 0
  };
}
function put(out, bytes) {
  if (out.length + bytes.length > out.bytes.length) fail("longer than allowed");
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}
function repeat(out, byte, count) {
  if (out.length + count > out.bytes.length) fail("longer than allowed");
  out.bytes.fill(byte, out.length, out.length + count);
  out.length += count;
}
function copyBack(out, offset, count) {
  if (offset < 1 || offset > out.length) fail("match before the start");
  if (out.length + count > out.bytes.length) fail("longer than allowed");
  for (let end = out.length + count; out.length < end; out.length += 1) {
    out.bytes[out.length] = out.bytes[out.length - offset] ?? 0;
  }
}
function decodeBlock(block, out, memory) {
  const room = Math.min(maxBlockBytes, out.bytes.length - out.length);
  const literals = readLiterals(block, memory.tree, room);
  memory.tree = literals.tree ?? memory.tree;
  const sequences = readCount(block, literals.sizeBytes);
  let used = 0;
  if (sequences.count > 0) {
    runSequences(block, sequences, memory.sequences, (count, offset, match) => {
      if (used + count > literals.bytes.length) fail("more literals than there are");
      put(out, literals.bytes.subarray(used, used + count));
      used += count;
      copyBack(out, offset, match);
    });
  } else if (sequences.at !== block.length) fail("bytes after the block's end");
  put(out, literals.bytes.subarray(used));
}
function decode(input, maxBytes) {
  const header = readHeader(input);
  if ((header.contentBytes ?? 0) > maxBytes) fail("longer than allowed");
  const out = { bytes: new Uint8Array(header.contentBytes ?? maxBytes), length: 0 };
  const memory = { tree: void 0, sequences: freshMemory() };
  let at = header.sizeBytes;
  for (let last = false; !last; ) {
    if (at + 3 > input.length) fail("block header cut short");
    const head = (input[at] ?? 0) | (input[at + 1] ?? 0) << 8 | (input[at + 2] ?? 0) << 16;
    last = (head & 1) === 1;
    const kind = head >> 1 & 3;
    const size = head >> 3;
    at += 3;
    const length = kind === 1 ? 1 : size;
    if (size > maxBlockBytes || at + length > input.length) fail("block cut short");
    const body = input.subarray(at, at + length);
    at += length;
    if (kind === 3) fail("reserved block type");
    else if (kind === 2) decodeBlock(body, out, memory);
    else if (kind === 0) put(out, body);
    else repeat(out, body[0] ?? 0, size);
  }
  if (at + (header.checksum ? 4 : 0) !== input.length) fail("bytes after the frame's end");
  if (header.contentBytes !== void 0 && header.contentBytes !== out.length)
    fail("another length than promised");
  return out.bytes.subarray(0, out.length);
}
function decompress(input, maxBytes) {
  try {
    return { kind: "plain", bytes: decode(input, maxBytes) };
  } catch (error) {
    if (error instanceof ZstdError) return { kind: "bad", why: error.message };
    throw error;
  }
}

// src/cli/mux/frame.ts
var frameLimits = {
  /** A frame that is kept: more on the wire is a malformed stream. Codec replies are 40 to 300 bytes. */
  keptBytes: 64 * 1024,
  /** DATA of a kept frame after decompression. */
  plainBytes: 64 * 1024,
  /** A frame that is not for us is dropped as it passes and costs no memory; above this it is not believed. */
  skippedBytes: 256 * 1024 * 1024
};
var decoderBoundBytes = frameLimits.keptBytes + 2 * frameLimits.plainBytes + 3 * maxLebBytes;
var bit63 = 1n << 63n;
function readHeader2(bytes) {
  const length = readUleb(bytes, 0);
  if (length.kind !== "value") return length.kind === "overflow" ? "frame length overflows" : void 0;
  const compressed = typeof length.value === "bigint" && length.value >= bit63;
  const total = Number(compressed ? BigInt(length.value) - bit63 : length.value);
  if (total > frameLimits.skippedBytes) return "frame longer than allowed";
  if (total < 2) return "frame too short";
  const serial = readUleb(bytes, length.next);
  if (serial.kind !== "value") return serial.kind === "overflow" ? "frame serial overflows" : void 0;
  const ident = readUleb(bytes, serial.next);
  if (ident.kind !== "value") return ident.kind === "overflow" ? "frame ident overflows" : void 0;
  const dataBytes = total - (ident.next - length.next);
  if (dataBytes < 0) return "frame too short";
  return {
    serial: Number(serial.value),
    ident: Number(ident.value),
    compressed,
    dataBytes,
    sizeBytes: ident.next
  };
}
function createFrameDecoder(keep) {
  const head = new Uint8Array(3 * maxLebBytes);
  let headLength = 0;
  let header;
  let body;
  let got = 0;
  let dead;
  const readHead = (chunk) => {
    const before = headLength;
    const taken = Math.min(chunk.length, head.length - headLength);
    head.set(chunk.subarray(0, taken), headLength);
    headLength += taken;
    const read = readHeader2(head.subarray(0, headLength));
    if (read === void 0) return taken;
    headLength = 0;
    if (typeof read === "string") dead = read;
    else {
      header = read;
      got = 0;
      if (keep(read.serial, read.ident)) {
        if (read.dataBytes > frameLimits.keptBytes) dead = "reply longer than allowed";
        else body = new Uint8Array(read.dataBytes);
      }
      return read.sizeBytes - before;
    }
    return taken;
  };
  const finish = (done, bytes) => {
    if (!done.compressed || bytes.length === 0)
      return { serial: done.serial, ident: done.ident, data: bytes };
    const plain2 = decompress(bytes, frameLimits.plainBytes);
    if (plain2.kind === "plain") return { serial: done.serial, ident: done.ident, data: plain2.bytes };
    dead = `compressed reply: ${plain2.why}`;
    return void 0;
  };
  const push = (chunk) => {
    const frames = [];
    for (let at = 0; dead === void 0 && (at < chunk.length || header?.dataBytes === got); ) {
      if (!header) {
        at += readHead(chunk.subarray(at));
        continue;
      }
      const part = chunk.subarray(at, at + header.dataBytes - got);
      body?.set(part, got);
      got += part.length;
      at += part.length;
      if (got < header.dataBytes) continue;
      const frame = body && finish(header, body);
      if (frame) frames.push(frame);
      header = void 0;
      body = void 0;
    }
    return dead === void 0 ? { kind: "frames", frames } : { kind: "malformed", frames, why: dead };
  };
  return { push };
}
function encodeFrame(serial, ident, data = new Uint8Array()) {
  const rest = [writeUleb(serial), writeUleb(ident), data];
  const length = rest.reduce((total, part) => total + part.length, 0);
  return Uint8Array.from([writeUleb(length), ...rest].flatMap((part) => [...part]));
}

// src/cli/mux/varbincode.ts
function readNumber(reader) {
  const read = readUleb(reader.bytes, reader.at);
  if (read.kind !== "value" || typeof read.value === "bigint") return void 0;
  reader.at = read.next;
  return read.value;
}
var decoder = new TextDecoder("utf-8");
function readString(reader) {
  const length = readNumber(reader);
  if (length === void 0 || length > reader.bytes.length - reader.at) return void 0;
  const text = decoder.decode(reader.bytes.subarray(reader.at, reader.at + length));
  reader.at += length;
  return text;
}
function readOptionalString(reader) {
  const tag = readNumber(reader);
  if (tag === 0) return null;
  return tag === 1 ? readString(reader) : void 0;
}

// src/cli/mux/messages.ts
var idents = {
  errorResponse: 0,
  ping: 1,
  pong: 2,
  listPanes: 3,
  listPanesResponse: 4,
  getCodecVersion: 26,
  getCodecVersionResponse: 27
};
var pingSerial = 1;
var codecSerial = 2;
var probeRequest = Uint8Array.from([
  ...encodeFrame(pingSerial, idents.ping),
  ...encodeFrame(codecSerial, idents.getCodecVersion)
]);
var maxTextLength = 1024;
var tame = (text) => text.slice(0, maxTextLength).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
function readCodecVersion(frame) {
  const reader = { bytes: frame.data, at: 0 };
  const codec = readNumber(reader);
  const version = readString(reader);
  const exe = readString(reader);
  const configFile = readOptionalString(reader);
  if (codec === void 0 || version === void 0 || exe === void 0 || configFile === void 0) {
    return void 0;
  }
  return {
    codec,
    version: tame(version),
    exe: tame(exe),
    configFile: configFile === null ? null : tame(configFile)
  };
}
function readErrorResponse(frame) {
  const text = readString({ bytes: frame.data, at: 0 });
  return text === void 0 ? void 0 : tame(text);
}

// test/fuzz/mux-fuzz.ts
var randomFrom = (seed) => {
  let state = seed >>> 0;
  return (below) => {
    state = state + 1831565813 >>> 0;
    let t = Math.imul(state ^ state >>> 15, state | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return Math.floor(((t ^ t >>> 14) >>> 0) / 2 ** 32 * below);
  };
};
var readLines = (name) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8").trim().split("\n").slice(1).map((line) => JSON.parse(line));
function seeds() {
  const recorded = readLines("mux-vectors.jsonl").flatMap((one) => [one.reply, one.request]);
  const packed = readLines("zstd.jsonl").map((one) => [...Buffer.from(one.packed ?? "", "base64")]).filter((bytes) => bytes.length < 4096).map((bytes) => {
    const length = bytes.length + 2;
    return [
      length & 127 | 128,
      length >> 7 | 128,
      ...Array(7).fill(128),
      1,
      2,
      27,
      ...bytes
    ];
  });
  return [...recorded.filter((hex) => hex).map((hex) => [...Buffer.from(hex ?? "", "hex")]), ...packed];
}
var edges = [0, 1, 2, 3, 27, 40, 63, 64, 127, 128, 129, 192, 254, 255];
function mutate(base, all, random) {
  const bytes = base.slice();
  if (random(2) === 0 && bytes.length > 16) {
    for (let rounds = 1 + random(4); rounds > 0; rounds -= 1) {
      bytes[13 + random(bytes.length - 13)] = random(2) === 0 ? random(256) : edges[random(edges.length)] ?? 0;
    }
    return bytes;
  }
  for (let rounds = 1 + random(6); rounds > 0; rounds -= 1) {
    const at = random(bytes.length + 1);
    const kind = random(8);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ 1 << random(8);
    else if (kind === 1) bytes[at] = random(256);
    else if (kind === 2) bytes[at] = edges[random(edges.length)] ?? 0;
    else if (kind === 3) bytes.splice(at, 1 + random(8));
    else if (kind === 4) bytes.splice(at, 0, ...Array.from({ length: 1 + random(12) }, () => random(256)));
    else if (kind === 5) bytes.length = at;
    else if (kind === 6) bytes.splice(at, 0, ...(all[random(all.length)] ?? []).slice(0, 1 + random(64)));
    else bytes.splice(at, 0, ...bytes.slice(random(bytes.length + 1), at));
    if (bytes.length > 8192) bytes.length = 8192;
  }
  return bytes;
}
function decodeAll(stream, random) {
  const decoder2 = createFrameDecoder(() => true);
  let frames = 0;
  for (let at = 0; at < stream.length; ) {
    const size = random(3) === 0 ? 1 + random(8) : stream.length;
    const decoded = decoder2.push(stream.subarray(at, at + size));
    at += size;
    frames += decoded.frames.length;
    for (const frame of decoded.frames) {
      readCodecVersion(frame);
      readErrorResponse(frame);
    }
    if (decoded.kind === "malformed") return { frames, malformed: true };
  }
  return { frames, malformed: false };
}
function fuzzMux(seed, streams2) {
  const random = randomFrom(seed);
  const all = seeds();
  const startedAt = performance.now();
  let [frames, malformed, slowestMs, largestAllocationBytes] = [0, 0, 0, 0];
  const Plain = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(Plain, {
    construct(target, args, newTarget) {
      if (typeof args[0] === "number") largestAllocationBytes = Math.max(largestAllocationBytes, args[0]);
      return Reflect.construct(target, args, newTarget);
    }
  });
  try {
    for (let i = 0; i < streams2; i += 1) {
      const stream = Plain.from(mutate(all[random(all.length)] ?? [], all, random));
      const before = performance.now();
      try {
        const result = decodeAll(stream, random);
        frames += result.frames;
        malformed += result.malformed ? 1 : 0;
        const tookMs = performance.now() - before;
        slowestMs = Math.max(slowestMs, tookMs);
        if (largestAllocationBytes > frameLimits.plainBytes)
          throw new Error(`allocated ${largestAllocationBytes}`);
      } catch (cause) {
        throw new Error(`seed ${seed}, stream ${i}: ${Buffer.from(stream).toString("hex")}`, { cause });
      }
    }
  } finally {
    globalThis.Uint8Array = Plain;
  }
  const elapsedMs = performance.now() - startedAt;
  return { streams: streams2, frames, malformed, largestAllocationBytes, slowestMs, elapsedMs };
}
export {
  fuzzMux
};
