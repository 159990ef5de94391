#include "signer/page/text.h"

#include <array>
#include <cstdio>

namespace antin::page {
namespace {

std::string code_point(gunichar letter) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", letter);
  return text.data();
}

// What would write something else than what is read: controls, line and paragraph ends, marks without a width and those
// that turn the direction.
bool is_unwritable(gunichar letter) {
  if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0) || letter == 0xfeff || letter == 0xad) return true;
  return (letter >= 0x200b && letter <= 0x200f) || (letter >= 0x2028 && letter <= 0x202e) ||
         (letter >= 0x2060 && letter <= 0x206f);
}

Result<std::string> writable(const std::string& text) {
  if (g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) == FALSE)
    return fail(ErrorCode::invalid_argument, "page: a text is not UTF-8");
  const std::unique_ptr<char, Freed<g_free>> nfc(
      g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFC));
  for (const char* at = nfc.get(); *at != 0; at = g_utf8_next_char(at))
    if (is_unwritable(g_utf8_get_char(at)))
      return fail(ErrorCode::invalid_argument,
                  "page: a text holds the character " + code_point(g_utf8_get_char(at)) + ", which is not written");
  return std::string(nfc.get());
}

void style(PangoAttrList* attributes, const Run& run, std::size_t begin, std::size_t end) {
  const auto put = [&](PangoAttribute* attribute) {
    attribute->start_index = static_cast<guint>(begin);
    attribute->end_index = static_cast<guint>(end);
    pango_attr_list_insert(attributes, attribute);
  };
  put(pango_attr_size_new(static_cast<int>(run.size * PANGO_SCALE)));
  put(pango_attr_weight_new(run.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL));
  put(pango_attr_style_new(run.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL));
}

PangoAlignment alignment(Align align) {
  switch (align) {
    case Align::centre:
      return PANGO_ALIGN_CENTER;
    case Align::right:
      return PANGO_ALIGN_RIGHT;
    case Align::left:
    case Align::justified:
      break;
  }
  return PANGO_ALIGN_LEFT;
}

Status check_run(const PangoLayoutRun& run) {
  const Face face(pango_font_describe(run.item->analysis.font));
  const char* family = pango_font_description_get_family(face.get());
  if (family == nullptr || std::string_view(family) != face_name)
    return fail(ErrorCode::unavailable, std::string("page: the face ") + face_name +
                                            " is not installed: install fonts-liberation2 or fonts-liberation");
  for (int i = 0; i < run.glyphs->num_glyphs; ++i) {
    const PangoGlyph glyph = run.glyphs->glyphs[i].glyph;
    if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
      return fail(ErrorCode::invalid_argument, std::string("page: ") + face_name + " has no letter " +
                                                   code_point(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG));
  }
  return {};
}

Status check_letters(PangoLayout* layout) {
  for (GSList* line = pango_layout_get_lines_readonly(layout); line != nullptr; line = line->next)
    for (GSList* run = static_cast<PangoLayoutLine*>(line->data)->runs; run != nullptr; run = run->next)
      ANTIN_CHECK(check_run(*static_cast<PangoLayoutRun*>(run->data)));
  return {};
}

}  // namespace

Context text_context() {
  Context context(pango_font_map_create_context(pango_cairo_font_map_get_default()));
  pango_cairo_context_set_resolution(context.get(), 72);
  const FontOptions options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("vi"));
  pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
  return context;
}

Result<Layout> set(PangoContext* context, const Paragraph& paragraph, double width) {
  Layout layout(pango_layout_new(context));
  const Face face(pango_font_description_new());
  pango_font_description_set_family_static(face.get(), face_name);
  pango_font_description_set_size(face.get(), 13 * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), face.get());
  const Attributes attributes(pango_attr_list_new());
  std::string text;
  for (const Run& run : paragraph.runs) {
    ANTIN_TRY(const std::string part, writable(run.text));
    style(attributes.get(), run, text.size(), text.size() + part.size());
    text += part;
  }
  // A mail address must not be read with a hyphen that a line's end put into it.
  pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
  // Another face must not step in for a letter that this one lacks.
  pango_attr_list_insert(attributes.get(), pango_attr_fallback_new(FALSE));
  pango_layout_set_attributes(layout.get(), attributes.get());
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_layout_set_auto_dir(layout.get(), FALSE);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment(layout.get(), alignment(paragraph.align));
  pango_layout_set_justify(layout.get(), paragraph.align == Align::justified ? TRUE : FALSE);
  pango_layout_set_indent(layout.get(), static_cast<int>(paragraph.first_line * points_per_mm * PANGO_SCALE));
  ANTIN_CHECK(check_letters(layout.get()));
  return layout;
}

double height_of(PangoLayout* layout) {
  int height = 0;
  pango_layout_get_size(layout, nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

}  // namespace antin::page
