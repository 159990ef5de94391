// Owners of Pango's, Cairo's and GLib's objects. Only for the .cc files that draw.
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>

namespace antin::page {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Cairo = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Context = std::unique_ptr<PangoContext, Freed<g_object_unref>>;
using Attributes = std::unique_ptr<PangoAttrList, Freed<pango_attr_list_unref>>;
using Face = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Freed<cairo_font_options_destroy>>;

}  // namespace antin::page
