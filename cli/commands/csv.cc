#include "cli/commands/csv.h"

namespace antin::commands {
namespace {

std::string quoted(const std::string& cell) {
  const bool formula = !cell.empty() && std::string_view("=+-@\t\r\n'").contains(cell.front());
  std::string text = formula ? "\"'" : "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

}  // namespace

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + quoted(cell);
  return line + "\r\n";
}

}  // namespace antin::commands
