// SPDX-License-Identifier: GPL-2.0-only
// The handful of zlib's names that ALE's source mentions. ROMs lie uncompressed in our in-memory file system, and PNG
// export is not offered, so reading is plain stdio and compressing reports failure.
#pragma once

#include <cstdio>

using gzFile = FILE*;
using Bytef = unsigned char;
using uLong = unsigned long;
using uLongf = unsigned long;
constexpr int Z_OK = 0;
constexpr int Z_STREAM_ERROR = -2;

inline gzFile gzopen(const char* path, const char* mode) { return std::fopen(path, mode); }
inline int gzread(gzFile file, void* into, unsigned bytes) {
  return static_cast<int>(std::fread(into, 1, bytes, file));
}
inline int gzclose(gzFile file) { return std::fclose(file); }
inline uLong crc32(uLong, const Bytef*, unsigned) { return 0; }
inline int compress(Bytef*, uLongf*, const Bytef*, uLong) { return Z_STREAM_ERROR; }
