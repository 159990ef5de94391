#include "base/memory_budget.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

namespace antin {
namespace {

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

// Of this thread. Plain data: operator new may come here before and after everything else.
thread_local constinit std::size_t limit = unlimited;
thread_local constinit std::size_t used = 0;
thread_local constinit bool refused = false;

void* take(std::size_t size, std::size_t alignment) {
  if (limit != unlimited && (size > limit || used > limit - size)) {
    refused = true;
    throw std::bad_alloc();
  }
  void* memory = alignment == 0 ? std::malloc(size == 0 ? 1 : size)
                                : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  if (limit != unlimited) used += malloc_usable_size(memory);
  return memory;
}

void* try_to_take(std::size_t size, std::size_t alignment) noexcept {
  try {
    return take(size, alignment);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void give_back(void* memory) noexcept {
  if (limit != unlimited && memory != nullptr) used -= std::min(used, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

MemoryBudget::MemoryBudget(std::size_t octets) noexcept
    : limit_before_(limit), used_before_(used), exceeded_before_(refused) {
  limit = octets;
  used = 0;
  refused = false;
}

MemoryBudget::~MemoryBudget() {
  limit = limit_before_;
  used = used_before_;
  refused = exceeded_before_;
}

bool MemoryBudget::exceeded() const noexcept { return refused; }

}  // namespace antin

// [new.delete]: every form, for the sanitizers bring their own for each that is left out, and do not mix.
void* operator new(std::size_t size) { return antin::take(size, 0); }
void* operator new[](std::size_t size) { return antin::take(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return antin::take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return antin::take(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return antin::try_to_take(size, 0); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return antin::try_to_take(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return antin::try_to_take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return antin::try_to_take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { antin::give_back(memory); }
void operator delete[](void* memory) noexcept { antin::give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { antin::give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { antin::give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { antin::give_back(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { antin::give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { antin::give_back(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { antin::give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { antin::give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { antin::give_back(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { antin::give_back(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { antin::give_back(memory); }
