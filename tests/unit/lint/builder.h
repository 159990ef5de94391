// Certificates and lists in parts, each to be spoilt on its own. The good ones have every extension that they may have,
// and no finding at all.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ca/lint/lint.h"
#include "ca/x509/der.h"

namespace antin::tests {

namespace der = antin::x509::der;

Bytes oid_of(std::string_view dotted);
Bytes extension(std::string_view oid, bool critical, ByteView value);
Bytes implicit(unsigned number, ByteView content);     // [number] primitive
Bytes constructed(unsigned number, ByteView content);  // [number] constructed
inline Bytes implicit(unsigned number, std::string_view text) { return implicit(number, bytes_of(text)); }
Bytes attribute(std::string_view oid, std::uint8_t tag, std::string_view value);
Bytes rdn(std::initializer_list<Bytes> attributes);
Bytes usage(std::initializer_list<unsigned> bits);  // keyUsage's BIT STRING

// Extensions in order, by dotted OID.
class ExtensionList {
 public:
  void set(std::string_view oid, bool critical, ByteView value);
  void set_value(std::string_view oid, ByteView value);  // its criticality stays
  void set_critical(std::string_view oid, bool critical);
  void drop(std::string_view oid);
  void append_raw(Bytes whole) { extra_.push_back(std::move(whole)); }
  Bytes der() const;  // SEQUENCE OF Extension
  bool empty() const { return list_.empty() && extra_.empty(); }

 private:
  struct One {
    std::string oid;
    bool critical;
    Bytes value;
  };
  std::vector<One> list_;
  std::vector<Bytes> extra_;
};

struct CertificateParts {
  Bytes version = constructed(0, der::integer(2));
  Bytes serial = der::integer_unsigned(Bytes(18, 0x5a));
  Bytes algorithm, outer_algorithm, issuer, subject, key, unique_ids;
  Bytes not_before = der::time(time_at(2022, 12, 28)), not_after = der::time(time_at(2027, 12, 27));
  ExtensionList extensions;
  Bytes signature = der::bit_string(Bytes(64, 1));

  Bytes tbs() const;
  Bytes der() const;
  void set_key(std::string_view algorithm_oid, ByteView parameters, ByteView bits);
};
CertificateParts good_leaf();
CertificateParts good_authority();

struct ListParts {
  Bytes version = der::integer(1);
  Bytes algorithm, outer_algorithm, issuer;
  Bytes this_update = der::time(time_at(2023, 1, 1)), next_update = der::time(time_at(2023, 1, 8));
  std::vector<Bytes> entries;
  bool entries_written = true;
  ExtensionList extensions;

  Bytes der() const;
};
ListParts good_list();
Bytes entry(std::uint64_t serial, const ExtensionList& extensions = {});

// One way to break one rule.
struct Row {
  lint::Rule rule;
  std::function<lint::Findings()> lint;
};
Row leaf(lint::Rule rule, std::function<void(CertificateParts&)> change);
Row authority(lint::Rule rule, std::function<void(CertificateParts&)> change);
Row list(lint::Rule rule, std::function<void(ListParts&)> change);

std::vector<Row> certificate_rows();
std::vector<Row> name_rows();
std::vector<Row> key_rows();
std::vector<Row> extension_rows();
std::vector<Row> list_rows();

}  // namespace antin::tests
