#include "cli/sample/bodies.h"

#include <map>

#include "cli/sample/units.h"

namespace antin::sample {
namespace {

constexpr const char* departments[] = {"Văn phòng Ủy ban nhân dân tỉnh",
                                       "Sở Nội vụ",
                                       "Sở Tư pháp",
                                       "Sở Kế hoạch và Đầu tư",
                                       "Sở Tài chính",
                                       "Sở Công Thương",
                                       "Sở Nông nghiệp và Phát triển nông thôn",
                                       "Sở Giao thông vận tải",
                                       "Sở Xây dựng",
                                       "Sở Tài nguyên và Môi trường",
                                       "Sở Thông tin và Truyền thông",
                                       "Sở Lao động - Thương binh và Xã hội",
                                       "Sở Văn hóa, Thể thao và Du lịch",
                                       "Sở Khoa học và Công nghệ",
                                       "Sở Giáo dục và Đào tạo",
                                       "Sở Y tế",
                                       "Thanh tra tỉnh",
                                       "Ban Dân tộc",
                                       "Ban Quản lý các khu công nghiệp"};
constexpr const char* boards[] = {"Tỉnh ủy Lâm Đồng",        "Văn phòng Tỉnh ủy",
                                  "Ban Tổ chức Tỉnh ủy",     "Ban Tuyên giáo Tỉnh ủy",
                                  "Ban Dân vận Tỉnh ủy",     "Ban Nội chính Tỉnh ủy",
                                  "Ủy ban Kiểm tra Tỉnh ủy", "Đảng ủy Khối các cơ quan và doanh nghiệp"};
constexpr const char* district_offices[] = {"Văn phòng HĐND và UBND",
                                            "Phòng Nội vụ",
                                            "Phòng Tư pháp",
                                            "Phòng Tài chính - Kế hoạch",
                                            "Phòng Tài nguyên và Môi trường",
                                            "Phòng Lao động - Thương binh và Xã hội",
                                            "Phòng Văn hóa và Thông tin",
                                            "Phòng Giáo dục và Đào tạo",
                                            "Phòng Y tế",
                                            "Thanh tra",
                                            "Phòng Nông nghiệp và PTNT",
                                            "Phòng Kinh tế và Hạ tầng",
                                            "Phòng Dân tộc"};
constexpr const char* city_offices[] = {"Phòng Kinh tế", "Phòng Quản lý đô thị"};  // in the place of the 11th and 12th
constexpr const char* district_boards[] = {"Văn phòng", "Ban Tổ chức", "Ban Tuyên giáo", "Ban Dân vận",
                                           "Ủy ban Kiểm tra"};
constexpr const char* mass_bodies[] = {"Ủy ban MTTQ Việt Nam", "Liên đoàn Lao động",    "Hội Nông dân",
                                       "Hội Liên hiệp Phụ nữ", "Đoàn TNCS Hồ Chí Minh", "Hội Cựu chiến binh"};
constexpr const char* department_parts[] = {
    "Văn phòng",         "Thanh tra",         "Phòng Kế hoạch - Tài chính", "Phòng Tổ chức - Hành chính",
    "Phòng Nghiệp vụ 1", "Phòng Nghiệp vụ 2", "Trung tâm Thông tin"};

// Codes of the shape 000.NN.NN.H36 with digits from 90 to 99, counted up; units of the list keep theirs for their
// people's committee.
class Codes {
 public:
  std::string next(unsigned group) {
    const unsigned number = next_[group]++;
    const auto pair = [](unsigned value) {
      return std::to_string(90 + value / 10 % 10) + "." + std::to_string(90 + value % 10);
    };
    // Groups are told apart by the first three digits, 930 and up; the list uses 000 and 900 to 918.
    return std::to_string(930 + group * 5 + number / 100) + "." + pair(number) + ".H36";
  }

 private:
  std::map<unsigned, unsigned> next_;
};

std::string place_of(const Unit& unit) {
  for (const Unit& other : units()) {
    if (other.code == unit.parent && other.level == "district") return std::string(other.name);
  }
  return unit.level == "district" ? std::string(unit.name) : "Lâm Đồng";
}

bool is_city(const Unit& unit) { return unit.name.starts_with("Thành phố"); }

std::string committee_of(const Unit& unit) {
  return std::string(is_city(unit) ? "Thành ủy " : "Huyện ủy ") + std::string(unit.name.substr(is_city(unit) ? 13 : 8));
}

// "Phòng Nội vụ Huyện Đam Rông" fits 64 characters; the longest are shortened by the caller.
std::string with_place(const char* office, const Unit& unit) {
  return std::string(office) + " " + std::string(unit.name);
}

void add_government(std::vector<Body>& all, Codes& codes) {
  all.push_back({"Ủy ban nhân dân tỉnh Lâm Đồng", "Lâm Đồng", "000.00.90.H36", false, 0, false});
  for (const char* name : departments)
    all.push_back({name, "Lâm Đồng", codes.next(0), false, 4 + 3, true});  // director, 3 deputies; 3 counter officers
  for (const Unit* unit : units_of("district")) {
    all.push_back({"Ủy ban nhân dân " + std::string(unit->name), place_of(*unit), std::string(unit->agency_code), false,
                   4 + 8, false});
  }
  for (const Unit* unit : units_of("commune")) {
    all.push_back({"Ủy ban nhân dân " + std::string(unit->name), place_of(*unit), std::string(unit->agency_code), false,
                   3 + 1, false});
  }
  for (const Unit* unit : units_of("district")) {
    for (unsigned i = 0; i < std::size(district_offices); ++i) {
      const char* office = is_city(*unit) && (i == 10 || i == 11) ? city_offices[i - 10] : district_offices[i];
      all.push_back({with_place(office, *unit), place_of(*unit), codes.next(1), false, 2, false});
    }
  }
}

void add_party(std::vector<Body>& all, Codes& codes) {
  for (const char* name : boards) all.push_back({name, "Lâm Đồng", codes.next(3), true, 0, false});
  for (const Unit* unit : units_of("district")) {
    all.push_back({committee_of(*unit), place_of(*unit), codes.next(4), true, 8, false});
    for (const char* board : district_boards)
      all.push_back({std::string(board) + " " + committee_of(*unit), place_of(*unit), codes.next(5), true, 0, false});
  }
  for (const Unit* unit : units_of("commune"))
    all.push_back({"Đảng ủy " + std::string(unit->name), place_of(*unit), codes.next(6), true, 2, false});
}

// 226 subordinate and mass bodies with three posts each.
void add_subordinate(std::vector<Body>& all, Codes& codes) {
  for (const char* mass : mass_bodies) {
    all.push_back({std::string(mass) + " tỉnh Lâm Đồng", "Lâm Đồng", codes.next(8), true, 3, false});
    for (const Unit* unit : units_of("district"))
      all.push_back({with_place(mass, *unit), place_of(*unit), codes.next(8), true, 3, false});
  }
  for (const char* department : departments) {
    for (const char* part : department_parts)
      all.push_back({std::string(part) + " " + department, "Lâm Đồng", codes.next(9), false, 3, false});
  }
  all.push_back({"Trung tâm Tích hợp dữ liệu và Chuyển đổi số", "Lâm Đồng", codes.next(10), false, 3, false});
  all.push_back({"Trung tâm Phục vụ hành chính công tỉnh", "Lâm Đồng", codes.next(10), false, 3, false});
  for (const Unit* unit : units_of("district")) {
    all.push_back(
        {"Trung tâm Hành chính công " + std::string(unit->name), place_of(*unit), codes.next(10), false, 3, false});
  }
  all.push_back({"Trường Chính trị tỉnh Lâm Đồng", "Lâm Đồng", codes.next(10), true, 3, false});
}

}  // namespace

std::vector<Body> bodies() {
  std::vector<Body> all;
  Codes codes;
  add_government(all, codes);
  add_party(all, codes);
  add_subordinate(all, codes);
  all.front().posts = 150;  // accountants and clerks of the province
  // X.520 bounds O, OU and CN at 64 characters.
  constexpr std::string_view long_name = "Phát triển nông thôn";
  for (Body& body : all) {
    const std::size_t at = body.name.find(long_name);
    if (at != std::string::npos && at > 45) body.name.replace(at, long_name.size(), "PTNT");
  }
  return all;
}

}  // namespace antin::sample
