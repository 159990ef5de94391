// The manifest's XML, written by hand and read with libxml2: no network, no entities, no DTD.
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <memory>

#include "base/encoding.h"
#include "signer/asic/container.h"

namespace antin::asic {
namespace {

constexpr std::string_view asic_namespace = "http://uri.etsi.org/02918/v1.2.1#";
constexpr std::string_view dsig_namespace = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";

struct FreeDocument {
  void operator()(xmlDoc* document) const noexcept { xmlFreeDoc(document); }
};

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool is(const xmlNode* node, std::string_view name, std::string_view space) {
  return node->type == XML_ELEMENT_NODE && view(node->name) == name && node->ns != nullptr &&
         view(node->ns->href) == space;
}

std::string attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetNoNsProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>(name));
  std::string text(view(value));
  xmlFree(value);
  return text;
}

std::string content(const xmlNode* node) {
  xmlChar* value = xmlNodeGetContent(const_cast<xmlNode*>(node));
  std::string text;
  for (const char c : view(value))
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') text += c;
  xmlFree(value);
  return text;
}

std::string percent_encoded(std::string_view name) {
  constexpr std::string_view plain = "-._~/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  for (const char c : name)
    out += plain.find(c) != std::string_view::npos ? std::string(1, c) : "%" + to_hex_upper(bytes_of({&c, 1}));
  return out;
}

Result<std::string> percent_decoded(std::string_view uri) {
  std::string out;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (uri[i] != '%') {
      out += uri[i];
      continue;
    }
    const auto octet = from_hex(uri.substr(i + 1, 2));
    if (!octet || octet->size() != 1)
      return fail(ErrorCode::invalid_argument, "ASiC manifest: a bad % escape in a URI");
    out += static_cast<char>(octet->front());
    i += 2;
  }
  return out;
}

std::optional<DigestAlgorithm> digest_algorithm(std::string_view uri) {
  if (uri == sha256_uri) return DigestAlgorithm::sha256;
  if (uri == "http://www.w3.org/2001/04/xmldsig-more#sha384") return DigestAlgorithm::sha384;
  if (uri == "http://www.w3.org/2001/04/xmlenc#sha512") return DigestAlgorithm::sha512;
  return std::nullopt;
}

Result<DataReference> read_reference(const xmlNode* node) {
  DataReference reference;
  ANTIN_TRY(reference.name, percent_decoded(attribute(node, "URI")));
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (is(child, "DigestMethod", dsig_namespace))
      reference.algorithm = digest_algorithm(attribute(child, "Algorithm"));
    if (is(child, "DigestValue", dsig_namespace)) {
      ANTIN_TRY(reference.digest, in("ASiC manifest: DigestValue", from_base64(content(child))));
    }
  }
  return reference;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string manifest_xml(std::string_view signature_name, const std::vector<Entry>& entries) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:ASiCManifest xmlns:asic=\"" +
                    std::string(asic_namespace) + "\" xmlns:ds=\"" + std::string(dsig_namespace) +
                    "\"><asic:SigReference URI=\"" + percent_encoded(signature_name) +
                    "\" MimeType=\"application/pkcs7-signature\"/>";
  for (const Entry& entry : entries)
    xml += "<asic:DataObjectReference URI=\"" + percent_encoded(entry.name) + "\" MimeType=\"" +
           escaped(entry.media_type) + "\"><ds:DigestMethod Algorithm=\"" + std::string(sha256_uri) +
           "\"/><ds:DigestValue>" + to_base64(sha256(entry.content)) + "</ds:DigestValue></asic:DataObjectReference>";
  return xml + "</asic:ASiCManifest>\n";
}

Result<Manifest> parse_manifest(std::string_view name, ByteView xml) {
  const std::string where = "ASiC manifest " + std::string(name);
  if (xml.size() > (16u << 20)) return fail(ErrorCode::resource_exhausted, where + ": larger than 16 MiB");
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(reinterpret_cast<const char*>(xml.data()), static_cast<int>(xml.size()), "manifest.xml", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA));
  if (!document) return fail(ErrorCode::invalid_argument, where + ": is not well-formed XML");
  if (document->intSubset != nullptr || document->extSubset != nullptr)
    return fail(ErrorCode::invalid_argument, where + ": has a DTD, which is refused");
  const xmlNode* root = xmlDocGetRootElement(document.get());
  if (root == nullptr || !is(root, "ASiCManifest", asic_namespace))
    return fail(ErrorCode::invalid_argument, where + ": the root is not ASiCManifest");
  Manifest manifest{.name = std::string(name), .signature_name = {}, .references = {}};
  for (const xmlNode* child = root->children; child != nullptr; child = child->next) {
    if (is(child, "SigReference", asic_namespace)) {
      if (!manifest.signature_name.empty())
        return fail(ErrorCode::invalid_argument, where + ": has several SigReference elements");
      ANTIN_TRY(manifest.signature_name, percent_decoded(attribute(child, "URI")));
    }
    if (is(child, "DataObjectReference", asic_namespace)) {
      ANTIN_TRY(DataReference reference, read_reference(child));
      manifest.references.push_back(std::move(reference));
    }
  }
  if (manifest.signature_name.empty()) return fail(ErrorCode::invalid_argument, where + ": names no signature");
  return manifest;
}

}  // namespace antin::asic
