#include "ca/x509/path_search.h"

#include <algorithm>

namespace antin::x509 {
namespace {

constexpr std::size_t longest = 8, most_steps = 512;

struct Search {
  const TrustMaterial& material;
  std::size_t limit, steps = 0;
  std::vector<CandidatePath> found = {};
};

bool may_issue(const Certificate& issuer, const Certificate& child) {
  if (!issuer.subject().matches(child.issuer())) return false;
  const auto wanted = child.authority_key_id(), has = issuer.subject_key_id();
  return !wanted || !has || *wanted == *has;
}

void extend(Search& search, std::vector<Certificate>& path) {
  if (search.found.size() >= search.limit || ++search.steps > most_steps) return;
  const Certificate last = path.back();
  for (const Certificate& anchor : search.material.anchors)
    if (may_issue(anchor, last) && search.found.size() < search.limit)
      search.found.push_back({{path.begin() + 1, path.end()}, {anchor}});
  if (path.size() > longest) return;
  for (const Certificate& helper : search.material.intermediates) {
    if (!may_issue(helper, last) || std::ranges::find(path, helper) != path.end()) continue;
    path.push_back(helper);
    extend(search, path);
    path.pop_back();
  }
}

}  // namespace

std::vector<CandidatePath> candidate_paths(const Certificate& leaf, const TrustMaterial& material, std::size_t limit) {
  Search search{material, limit};
  std::vector<Certificate> path{leaf};
  extend(search, path);
  std::ranges::stable_sort(search.found, {}, [](const CandidatePath& one) { return one.helpers.size(); });
  return search.found;
}

}  // namespace antin::x509
