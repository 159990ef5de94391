// Reads messages of errors, one a line, and prints those that cli/words has no Vietnamese for. For
// tests/checks/error_words.py.
#include <iostream>
#include <string>

#include "cli/words/words.h"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    if (!antin::words::is_known(line)) std::cout << line << '\n';
  }
}
