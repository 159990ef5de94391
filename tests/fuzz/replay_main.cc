// Replays a corpus: each file, each cut of it, and each octet changed in a few ways.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/require.h"

namespace {

using Octets = std::vector<unsigned char>;

std::size_t run(const Octets& octets) {
  LLVMFuzzerTestOneInput(octets.data(), octets.size());
  return 1;
}

std::size_t replay(const Octets& octets) {
  std::size_t runs = run(octets);
  const std::size_t step = std::max<std::size_t>(1, octets.size() / 400);
  for (std::size_t i = 0; i < octets.size(); i += step) {
    runs += run(Octets(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(i)));
    for (const int mask : {0x01, 0x80, 0xff}) {
      Octets changed = octets;
      changed[i] = static_cast<unsigned char>(changed[i] ^ mask);
      runs += run(changed);
    }
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      runs += replay(Octets(std::istreambuf_iterator<char>(in), {}));
    }
  std::printf("%zu inputs\n", runs);
  return runs == 0 ? 1 : 0;
}
