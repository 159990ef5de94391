#include "ca/foreign/unit_names.h"

#include <algorithm>

namespace antin::foreign {
namespace {

bool is_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Whether `name` stands at `at` of `text` as whole words.
bool stands_at(std::string_view text, std::string_view name, std::size_t at) {
  const std::size_t end = at + name.size();
  return (at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]));
}

constexpr std::size_t longest_value = 1024;  // octets; X.520 has at most 128 characters

struct Place {
  std::size_t unit = 0, at = 0, size = 0;
};

// `Xã Phước Cát` also stands in `Xã Phước Cát 2`: the longer name counts.
bool is_part_of_another(const Place& place, const std::vector<Place>& places) {
  return std::ranges::any_of(places, [&](const Place& other) {
    return other.size > place.size && other.at <= place.at && place.at + place.size <= other.at + other.size;
  });
}

}  // namespace

UnitNames::UnitNames(std::vector<Unit> units) : units_(std::move(units)) {
  for (std::size_t i = 0; i < units_.size(); ++i) {
    exact_.names.push_back(fold_case(units_[i].name).value_or(""));
    without_marks_.names.push_back(fold_name(units_[i].name).value_or(""));
    if (!units_[i].agency_code.empty()) by_agency_code_.emplace(fold_case(units_[i].agency_code).value_or(""), i);
  }
}

std::vector<const Unit*> UnitNames::named(const std::vector<std::string>& values, const Folded& folded) const {
  std::vector<const Unit*> found;
  for (const std::string& value : values) {
    const auto text = folded.fold(value);
    if (!text || value.size() > longest_value) continue;
    std::vector<Place> places;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      const std::string& name = folded.names[i];
      for (std::size_t at = text->find(name); !name.empty() && at != std::string::npos; at = text->find(name, at + 1))
        if (stands_at(*text, name, at)) places.push_back({i, at, name.size()});
    }
    for (const Place& place : places)
      if (!is_part_of_another(place, places) && std::ranges::find(found, &units_[place.unit]) == found.end())
        found.push_back(&units_[place.unit]);
  }
  return found;
}

std::vector<const Unit*> UnitNames::most_specific(const std::vector<const Unit*>& units,
                                                  const std::vector<const Unit*>& around) const {
  for (const std::string_view level : {"commune", "district", "province"}) {
    std::vector<const Unit*> fitting, inside;
    for (const Unit* unit : units)
      if (unit->level == level) fitting.push_back(unit);
    for (const Unit* unit : fitting)
      if (std::ranges::any_of(around, [&](const Unit* other) { return other->code == unit->parent; }))
        inside.push_back(unit);
    // The province is around every district: that tells nothing.
    if (!fitting.empty()) return inside.empty() || level != "commune" ? fitting : inside;
  }
  return {};
}

UnitNames::Found UnitNames::find(const std::vector<std::string>& values, const std::vector<std::string>& places) const {
  std::vector<std::string> all = values;
  all.insert(all.end(), places.begin(), places.end());
  for (const std::string& value : all)
    if (const auto at = by_agency_code_.find(fold_case(value).value_or("-")); at != by_agency_code_.end())
      return {{units_[at->second].code}, units_[at->second].level};
  for (const Folded* folded : {&exact_, &without_marks_}) {
    const std::vector<const Unit*> around = named(all, *folded);
    std::vector<const Unit*> units = most_specific(named(values, *folded), around);
    const bool by_place = units.empty();
    if (by_place) units = most_specific(named(places, *folded), around);
    if (units.empty()) continue;
    Found found{{}, units.front()->level, folded == &without_marks_, by_place};
    for (const Unit* unit : units) found.codes.push_back(unit->code);
    return found;
  }
  return {};
}

}  // namespace antin::foreign
