#pragma once

// The system's zlib. What its header has as macros, Swift can't import: those calls are repeated here as functions.

#include <zlib.h>

// 15 is the largest window; 16 more ask for gzip's header and trailer.
static inline int spinetail_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
static inline int spinetail_deflate_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
