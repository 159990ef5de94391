// MemoryBudget: what one thread may allocate with `new` while it reads something that a stranger made.
//
//   const MemoryBudget budget(256u << 20);
//   … a library inflates what it finds; beyond the budget its `new` throws std::bad_alloc …
//
// Counts what is outstanding, of this thread alone, through the program's replaced operator new; memory that C code
// takes with malloc is not counted. Budgets nest: the inner one holds until it ends. Not copyable; ends where it
// stands.
#pragma once

#include <cstddef>

namespace antin {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t octets) noexcept;
  ~MemoryBudget();
  // Whether an allocation was refused since it began: libraries swallow exceptions.
  bool exceeded() const noexcept;
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

 private:
  std::size_t limit_before_, used_before_;
  bool exceeded_before_;
};

}  // namespace antin
