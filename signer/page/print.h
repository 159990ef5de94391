// print: a Document becomes a PDF in memory; nothing is on disk.
//
// What draws (Pango and Cairo, with the thirty libraries that they bring) is in a module that is loaded at the first
// call, so that no other command waits for it; docs/decisions/0012-drawing-in-a-module.md.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "signer/page/document.h"

namespace antin::page {

// Every font is embedded, and none but Liberation Serif is in it. Pages are numbered from the second on. The same
// document gives the same octets on the same machine.
//
// invalid_argument for text that is not UTF-8, holds a control character or one that turns the direction of writing, or
// has a letter that the face lacks, and for a row or column that is higher than a page: nothing is left out in silence.
// unavailable when the module or the face is not installed.
Result<Bytes> print(const Document& document);

}  // namespace antin::page
