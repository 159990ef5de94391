// Sheets: the pages of one PDF while they are filled from top to bottom. Only for what draws.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "signer/page/document.h"
#include "signer/page/glib_ptr.h"

namespace antin::page {

class Sheets {
 public:
  explicit Sheets(const Document& document);

  double width() const noexcept { return right_ - left_; }  // between the margins, points
  double left() const noexcept { return left_; }
  double height() const noexcept { return bottom_ - top_; }
  double room() const noexcept { return bottom_ - at_; }  // left on this page
  double at() const noexcept { return at_; }
  bool at_top() const noexcept { return at_ <= top_; }
  cairo_t* cairo() const noexcept { return cairo_.get(); }
  PangoContext* context() const noexcept { return context_.get(); }

  void skip(double points) { at_ += points; }
  // A new page, with its number in the middle of the upper margin (Nghị định 30/2020).
  Status turn();
  // Turns when less than `points` are left.
  Status need(double points);
  // The whole file; nothing can be drawn after it.
  Result<Bytes> finish();

 private:
  Bytes file_;
  double left_, right_, top_, bottom_, page_width_, at_;
  unsigned number_ = 1;
  Surface surface_;
  Cairo cairo_;
  Context context_;
};

}  // namespace antin::page
