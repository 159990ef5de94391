// ASiC-E containers with CAdES (EN 319 162-1): written with the mimetype first and stored, read strictly.
//
// Bounds on reading: 1,000 entries, 1 GiB in all; names are relative, without `..`, backslash or twins. Pure; no files,
// no network.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

namespace antin::asic {

inline constexpr std::string_view asic_e_media_type = "application/vnd.etsi.asic-e+zip";

struct Entry {
  std::string name;
  std::string media_type;
  Bytes content;
};

// Octets of a container: mimetype, entries in order, each with `time` as its date.
Result<Bytes> write_container(const std::vector<Entry>& entries, Time time);

struct DataReference {
  std::string name;                          // percent-decoded once
  std::optional<DigestAlgorithm> algorithm;  // none when unknown or weak
  Bytes digest;
};
struct Manifest {
  std::string name;            // `META-INF/ASiCManifest001.xml`
  std::string signature_name;  // what SigReference names
  std::vector<DataReference> references;
};
struct Container {
  std::map<std::string, Bytes> files;  // everything but mimetype, by name
  std::vector<Manifest> manifests;     // those whose signature is CAdES
  std::vector<std::string> defects;    // what a strict reader refuses, in words
};

// True when the octets look like a ZIP.
bool looks_like_container(ByteView octets) noexcept;
// invalid_argument for what is no consistent ZIP or has names that are not allowed; resource_exhausted past the bounds.
Result<Container> read_container(ByteView octets);

// The XML of an ASiCManifest with SHA-256 digests of `entries`.
std::string manifest_xml(std::string_view signature_name, const std::vector<Entry>& entries);
Result<Manifest> parse_manifest(std::string_view name, ByteView xml);

}  // namespace antin::asic
