// PDF bombs, made here: a few kilobytes that inflate to hundreds of megabytes.
#include <sys/resource.h>

#include <functional>
#include <memory>
#include <new>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_Flate.hh>

#include "base/memory_budget.h"
#include "signer/pdf/signatures.h"
#include "tests/catch.h"

using namespace antin;

namespace {

std::string deflated(const std::function<void(Pipeline&)>& write) {
  Pl_Buffer out("out");
  Pl_Flate flate("deflate", &out, Pl_Flate::a_deflate);
  write(flate);
  flate.finish();
  const auto buffer = out.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

// `megabytes` of zeros, deflated twice.
std::string bomb(unsigned megabytes) {
  const std::string once = deflated([&](Pipeline& into) {
    const std::string zeros(1u << 20, '\0');
    for (unsigned i = 0; i < megabytes; ++i)
      into.write(reinterpret_cast<const unsigned char*>(zeros.data()), zeros.size());
  });
  return deflated(
      [&](Pipeline& into) { into.write(reinterpret_cast<const unsigned char*>(once.data()), once.size()); });
}

// A file whose cross-reference stream is the bomb.
std::string file_with(const std::string& bomb) {
  std::string out =
      "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 "
      ">>\nendobj\n"
      "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n";
  const std::size_t at = out.size();
  out += "4 0 obj\n<< /Type /XRef /Size 5 /W [1 4 2] /Root 1 0 R /Filter [/FlateDecode /FlateDecode] /Length " +
         std::to_string(bomb.size()) + " >>\nstream\n" + bomb + "\nendstream\nendobj\n";
  return out + "startxref\n" + std::to_string(at) + "\n%%EOF\n";
}

long peak_kilobytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

TEST_CASE("a PDF bomb is refused for what it is, and takes no more memory than its budget") {
  const std::string file = file_with(bomb(800));
  REQUIRE(file.size() < 20'000);
  [[maybe_unused]] const long before = peak_kilobytes();
  const auto found = pdf::read_signatures(bytes_of(file));
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::resource_exhausted);
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(peak_kilobytes() - before < 600 * 1024);  // a vector that grows is held twice for a moment
#endif
}

TEST_CASE("a memory budget counts what is outstanding on its thread, and ends") {
  {
    const MemoryBudget budget(1u << 20);
    for (int i = 0; i < 100; ++i) CHECK_NOTHROW(std::make_unique<char[]>(500'000));
    CHECK_THROWS_AS(std::make_unique<char[]>(2'000'000), std::bad_alloc);
    const auto most = std::make_unique<char[]>(900'000);
    CHECK_THROWS_AS(std::make_unique<char[]>(200'000), std::bad_alloc);
    const MemoryBudget inner(4u << 20);
    CHECK_NOTHROW(std::make_unique<char[]>(3'000'000));
  }
  CHECK_NOTHROW(std::make_unique<char[]>(5'000'000));
}
