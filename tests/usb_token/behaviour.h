// How the token behaves just now: files of the folder that ANTIN_USB_TOKEN names, which a person, a script or a test
// changes between two calls. usb_token_module.cc says what each does.
#pragma once

#include <string>

namespace antin::usb {

// True when `word` stands in the file `behaviour`.
bool behaves(const std::string& word);
// N of `word=N` in that file, else `otherwise`.
unsigned long number(const std::string& word, unsigned long otherwise);

// False while nothing is plugged in, or other tokens alone.
bool is_inserted(const std::string& label);
// Changes whenever something is plugged in or pulled out.
std::string insertions();

// What a person types at the token; empty when nobody does. Notes in the file `typed` that they were asked.
std::string typed_at_token(const std::string& label, bool security_officer);

// Wrong PINs in a row, of all processes together.
unsigned long wrong_tries(const std::string& serial);
void count_wrong_try(const std::string& serial);
void forget_wrong_tries(const std::string& serial);

}  // namespace antin::usb
