// Bodies: the 778 synthetic organisations of the sample, and the 2,365 posts in them.
#pragma once

#include <string>
#include <vector>

namespace antin::sample {

struct Body {
  std::string name;      // in full: `Ủy ban nhân dân Phường 7`
  std::string place;     // district, or `Lâm Đồng`
  std::string code;      // agency code, unique
  bool party = false;    // else the government's
  unsigned posts = 0;    // persons with a certificate
  bool leaders = false;  // its posts are leaders of departments: the first ten have RSA keys
};
// Always the same 778, in the same order; posts add up to 2,365.
std::vector<Body> bodies();

}  // namespace antin::sample
