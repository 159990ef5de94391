// Words: the Vietnamese of what errors say. Inside, an Error's message is English; here, at the edge, it is put into
// the language of the person who reads it.
//
//   error_text("token officer-1: login: CKR_PIN_INCORRECT", Language::vi)   // token officer-1: đăng nhập: …
//
// A message is one sentence behind the contexts that were put in front of it on the way up, each ended by ": ". A
// table of patterns has one entry for a sentence or context; {0}, {1} … stand for what differs from case to case.
// tests/checks/error_words.py finds every sentence of the code and fails on one that has no entry.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/message.h"

namespace antin::words {

// The message in `language`. What no entry fits, such as a file's name or another library's own words, stays as it is.
std::string error_text(std::string_view message, Language language);
// Whether every part of more than one word has an entry.
bool is_known(std::string_view message);
// The same error, its message in `language`.
Error translated(Error error, Language language);
// "revision 2, 33492 octets" of a signature's scope.
std::string scope_text(std::string_view scope, Language language);

}  // namespace antin::words
