// A filled form as a page: the heading of a State or Party body's letter, its table, the place for signature and seal.
#pragma once

#include "ca/forms/form.h"
#include "signer/page/document.h"

namespace antin::commands {

// `made` gives the year in the date line, which is written by hand otherwise, and the date in the file.
page::Document form_page(const forms::FormSet& set, const forms::Filled& form, Time made);

}  // namespace antin::commands
