// The tables behind words.h, one for each part of the program.
#pragma once

#include <span>
#include <string_view>

namespace antin::words {

struct Sentence {
  std::string_view en, vi;  // the same holes in both
};

std::span<const Sentence> context_sentences();
std::span<const Sentence> usage_sentences();  // of CLI11, and of files and the system
std::span<const Sentence> token_sentences();
std::span<const Sentence> ca_sentences();
std::span<const Sentence> format_sentences();  // DER, certificates, requests, CRLs, names
std::span<const Sentence> document_sentences();
std::span<const Sentence> program_sentences();  // cli/
std::span<const Sentence> backup_sentences();
std::span<const Sentence> ceremony_sentences();

}  // namespace antin::words
