// The two manifests: ASiCManifest in XML and the dossier's in JSON.
#include "signer/asic/container.h"
#include "signer/dossier/dossier.h"
#include "tests/fuzz/require.h"

using namespace antin;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const ByteView octets(data, size);
  if (const auto manifest = asic::parse_manifest("META-INF/ASiCManifest001.xml", octets)) {
    FUZZ_REQUIRE(!manifest->signature_name.empty());
  }
  (void)dossier::check_manifest(octets,
                                {{std::string(dossier::manifest_name), to_bytes(octets)}, {"a.txt", to_bytes(octets)}});
  return 0;
}
