#include "signer/page/sheets.h"

#include <cairo-pdf.h>

#include <utility>

#include "signer/page/text.h"

namespace antin::page {
namespace {

constexpr double a4_short = 210 * points_per_mm, a4_long = 297 * points_per_mm;

cairo_status_t append(void* closure, const unsigned char* octets, unsigned int count) {
  auto& file = *static_cast<Bytes*>(closure);
  file.insert(file.end(), octets, octets + count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Sheets::Sheets(const Document& document)
    : left_(document.margins.left * points_per_mm),
      right_((document.landscape ? a4_long : a4_short) - document.margins.right * points_per_mm),
      top_(document.margins.top * points_per_mm),
      bottom_((document.landscape ? a4_short : a4_long) - document.margins.bottom * points_per_mm),
      page_width_(document.landscape ? a4_long : a4_short),
      at_(top_),
      surface_(
          cairo_pdf_surface_create_for_stream(append, &file_, page_width_, document.landscape ? a4_short : a4_long)),
      cairo_(cairo_create(surface_.get())),
      context_(text_context()) {
  cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
  cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, to_rfc3339(document.made).c_str());
  cairo_set_line_width(cairo_.get(), 0.6);
}

Status Sheets::turn() {
  cairo_show_page(cairo_.get());
  at_ = top_;
  const Paragraph number{.runs = {{.text = std::to_string(++number_)}}, .align = Align::centre};
  ANTIN_TRY(const Layout layout, set(context_.get(), number, page_width_));
  cairo_move_to(cairo_.get(), 0, (top_ - height_of(layout.get())) / 2 + 4);
  pango_cairo_show_layout(cairo_.get(), layout.get());
  return {};
}

Status Sheets::need(double points) {
  if (points <= room() || at_top()) return {};
  return turn();
}

Result<Bytes> Sheets::finish() {
  cairo_show_page(cairo_.get());
  cairo_surface_finish(surface_.get());
  const cairo_status_t status = cairo_status(cairo_.get());
  if (status != CAIRO_STATUS_SUCCESS)
    return fail(ErrorCode::internal, std::string("page: drawing: ") + cairo_status_to_string(status));
  return std::move(file_);
}

}  // namespace antin::page
