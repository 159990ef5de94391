#!/usr/bin/env python3
"""Writes the papers that the demo signs: papers.py FOLDER. Everything in them is invented.

letter.pdf (an official letter in the layout of decree 30/2020), notes.txt (any file, for a detached signature) and dossier/ with
the five files of a one-stop-shop dossier. Only the standard library; the letters come from Debian's Liberation Serif.
"""

import struct
import sys
import zlib
from pathlib import Path

FONTS = [Path("/usr/share/fonts/truetype") / folder / "LiberationSerif-Regular.ttf" for folder in ("liberation2", "liberation")]


class Font:
    """A TrueType font of which only the glyphs that were used are embedded."""

    def __init__(self, path):
        self.data = path.read_bytes()
        count = struct.unpack(">H", self.data[4:6])[0]
        records = (struct.unpack(">4sIII", self.data[12 + 16 * i : 28 + 16 * i]) for i in range(count))
        self.tables = {tag.decode(): self.data[offset : offset + length] for tag, _, offset, length in records}
        self.units = struct.unpack(">H", self.tables["head"][18:20])[0]
        self.glyphs = struct.unpack(">H", self.tables["maxp"][4:6])[0]
        long = struct.unpack(">h", self.tables["head"][50:52])[0]
        loca = self.tables["loca"]
        self.places = [p * (1 if long else 2) for p in struct.unpack(f">{self.glyphs + 1}{'I' if long else 'H'}", loca[: (self.glyphs + 1) * (4 if long else 2)])]
        self.metrics = struct.unpack(">H", self.tables["hhea"][34:36])[0]
        self.map = self.read_map()
        self.used = {}

    def read_map(self):
        cmap, found = self.tables["cmap"], {}
        for i in range(struct.unpack(">H", cmap[2:4])[0]):
            platform, encoding, start = struct.unpack(">HHI", cmap[4 + 8 * i : 12 + 8 * i])
            if (platform, encoding) != (3, 1):
                continue
            n = struct.unpack(">H", cmap[start + 6 : start + 8])[0] // 2
            at = start + 14
            ends = struct.unpack(f">{n}H", cmap[at : at + 2 * n])
            starts = struct.unpack(f">{n}H", cmap[at + 2 * n + 2 : at + 4 * n + 2])
            deltas = struct.unpack(f">{n}H", cmap[at + 4 * n + 2 : at + 6 * n + 2])
            ranges_at = at + 6 * n + 2
            ranges = struct.unpack(f">{n}H", cmap[ranges_at : ranges_at + 2 * n])
            for k in range(n):
                for code in range(starts[k], ends[k] + 1):
                    glyph = code
                    if ranges[k]:
                        place = ranges_at + 2 * k + ranges[k] + 2 * (code - starts[k])
                        glyph = struct.unpack(">H", cmap[place : place + 2])[0]
                    if glyph or not ranges[k]:
                        found[code] = (glyph + deltas[k]) & 0xFFFF
        return found

    def width(self, glyph):
        return struct.unpack(">H", self.tables["hmtx"][4 * min(glyph, self.metrics - 1) :][:2])[0] * 1000 // self.units

    def hex(self, text):
        glyphs = []
        for letter in text:
            glyph = self.map[ord(letter)]
            self.used[glyph] = letter
            glyphs.append(f"{glyph:04x}")
        return "".join(glyphs)

    def measure(self, text, size):
        return sum(self.width(self.map[ord(letter)]) for letter in text) * size / 1000

    def glyph(self, number):
        return self.tables["glyf"][self.places[number] : self.places[number + 1]]

    def needed(self):
        """The used glyphs and the parts that composite ones are made of."""
        todo, seen = [0, *self.used], set()
        while todo:
            number = todo.pop()
            if number in seen:
                continue
            seen.add(number)
            outline = self.glyph(number)
            if len(outline) < 10 or struct.unpack(">h", outline[:2])[0] >= 0:
                continue
            at, more = 10, True
            while more:
                flags, part = struct.unpack(">HH", outline[at : at + 4])
                todo.append(part)
                at += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
                more = flags & 0x20
        return seen

    def subset(self):
        keep, outlines, places = self.needed(), b"", []
        for number in range(self.glyphs):
            places.append(len(outlines))
            if number in keep:
                outlines += self.glyph(number) + b"\0" * (-len(self.glyph(number)) % 4)
        places.append(len(outlines))
        head = self.tables["head"][:50] + struct.pack(">h", 1) + self.tables["head"][52:]
        tables = {"glyf": outlines, "head": head, "loca": struct.pack(f">{len(places)}I", *places)}
        tables |= {tag: self.tables[tag] for tag in ("cvt ", "fpgm", "hhea", "hmtx", "maxp", "prep") if tag in self.tables}
        directory, body, at = b"", b"", 12 + 16 * len(tables)
        for tag in sorted(tables):
            content = tables[tag]
            directory += struct.pack(">4sIII", tag.encode(), 0, at + len(body), len(content))
            body += content + b"\0" * (-len(content) % 4)
        return struct.pack(">IHHHH", 0x10000, len(tables), 0, 0, 0) + directory + body


class Page:
    """Lines of text on A4; x and y in points from the lower left corner."""

    def __init__(self, font):
        self.font, self.marks = font, []

    def text(self, x, y, text, size=13):
        self.marks.append(f"BT /F {size} Tf {x:.1f} {y:.1f} Td <{self.font.hex(text)}> Tj ET")

    def centre(self, x, y, text, size=13):
        self.text(x - self.font.measure(text, size) / 2, y, text, size)

    def rule(self, x, y, width):
        self.marks.append(f"0.6 w {x:.1f} {y:.1f} m {x + width:.1f} {y:.1f} l S")

    def paragraph(self, y, text, x=85, width=453, size=13, leading=19):
        line, indent = "", 28
        for word in text.split():
            if self.font.measure(f"{line} {word}", size) > width - indent:
                self.text(x + indent, y, line, size)
                y, line, indent = y - leading, word, 0
            else:
                line = f"{line} {word}".strip()
        self.text(x + indent, y, line, size)
        return y - leading - 5


def pdf(title, page):
    font = page.font

    def stream(content, more=""):
        packed = zlib.compress(content, 9)
        return f"<< /Length {len(packed)} /Filter /FlateDecode{more} >>\nstream\n".encode() + packed + b"\nendstream"

    pairs = "\n".join(f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for glyph, letter in sorted(font.used.items()))
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Antin def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(font.used)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    widths = " ".join(f"{glyph} [{font.width(glyph)}]" for glyph in sorted(font.used))
    program = font.subset()
    text = "<feff" + title.encode("utf-16-be").hex() + ">"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (vi-VN) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
        stream("\n".join(page.marks).encode()),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /ANTINA+LiberationSerif /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 9 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ANTINA+LiberationSerif /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 7 0 R /CIDToGIDMap /Identity /DW 500 /W [{widths}] >>".encode(),
        b"<< /Type /FontDescriptor /FontName /ANTINA+LiberationSerif /Flags 4 /FontBBox [-177 -303 1083 981] /ItalicAngle 0 /Ascent 891 /Descent -216 /CapHeight 662 /StemV 80 /FontFile2 8 0 R >>",
        stream(program, f" /Length1 {len(program)}"),
        stream(unicode_map.encode()),
        f"<< /Title {text} /Producer (An Tin demo) >>".encode(),
    ]
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    return out + table.encode() + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 10 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def letter(font):
    page = Page(font)
    page.centre(180, 790, "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG", 11)
    page.centre(180, 775, "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", 11)
    page.rule(145, 769, 70)
    page.centre(425, 790, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 11)
    page.centre(425, 775, "Độc lập - Tự do - Hạnh phúc", 12)
    page.rule(352, 769, 146)
    page.centre(180, 748, "Số: 05/STTTT-CNTT")
    page.centre(425, 748, "Lâm Đồng, ngày 28 tháng 12 năm 2022")
    page.centre(180, 730, "V/v sử dụng chữ ký số (DỮ LIỆU GIẢ LẬP)", 11)
    page.centre(297, 690, "Kính gửi: Ủy ban nhân dân các huyện, thành phố")
    y = page.paragraph(655, "Thực hiện kế hoạch ứng dụng công nghệ thông tin của tỉnh, Sở đề nghị Ủy ban nhân dân các huyện, thành phố, thị trấn D'Ran, xã Đạ K' Nàng và các xã, phường sử dụng chữ ký số của tổ chức và của cá nhân trên mọi văn bản điện tử, đủ 778 chứng thư số tổ chức và 2.365 chứng thư số cá nhân đã cấp.")
    y = page.paragraph(y, "Văn bản này do một chương trình trình diễn tạo ra. Tên người, số hiệu và địa chỉ trong đó đều là giả lập, không có giá trị ngoài việc thử nghiệm.")
    y = page.paragraph(y, "Đề nghị các đơn vị phối hợp thực hiện./.")
    page.text(85, y - 30, "Nơi nhận:", 11)
    page.text(85, y - 46, "- Như trên;", 11)
    page.text(85, y - 60, "- Lưu: VT, CNTT.", 11)
    page.centre(425, y - 30, "GIÁM ĐỐC")
    page.centre(425, y - 130, "(đã ký số)", 12)
    return pdf("Công văn 05/STTTT-CNTT (dữ liệu giả lập)", page)


def form(font, title, lines):
    page = Page(font)
    page.centre(297, 780, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12)
    page.centre(297, 764, "Độc lập - Tự do - Hạnh phúc", 12)
    page.centre(297, 720, title, 14)
    y = 680
    for line in lines:
        y = page.paragraph(y, line)
    return pdf(title, page)


def picture(width=240, height=160):
    """A plan of a plot as a PNG: lines on paper."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            edge = x in (20, 219) and 15 <= y < 145 or y in (15, 144) and 20 <= x < 220 or x == 20 + y
            rows += b"\x20\x40\x90" if edge else b"\xfa\xf8\xf0"

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


def main():
    path = next((p for p in FONTS if p.exists()), None)
    if path is None:
        sys.exit("papers.py: no Liberation Serif: install fonts-liberation2 (Debian 12) or fonts-liberation (Debian 13)")
    folder = Path(sys.argv[1])
    (folder / "dossier").mkdir(parents=True, exist_ok=True)
    files = {
        "letter.pdf": letter(Font(path)),
        "notes.txt": "Biên bản bàn giao dữ liệu, xã Đạ K' Nàng (dữ liệu giả lập).\n".encode(),
        "dossier/don-de-nghi.pdf": form(Font(path), "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG", ["Người nộp: K'Brến Thử, thị trấn D'Ran (dữ liệu giả lập).", "Mã hồ sơ: 000.00.99.H36-221228-0001."]),
        "dossier/thuyet-minh.pdf": form(Font(path), "THUYẾT MINH THIẾT KẾ", ["Nhà ở riêng lẻ một tầng, móng đơn, mái tôn (dữ liệu giả lập)."]),
        "dossier/so-do-thua-dat.png": picture(),
        "dossier/to-khai.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<ToKhai ma="000.00.99.H36-221228-0001"><Nguoi>K\'Brến Thử</Nguoi><DienTich donVi="m2">96</DienTich></ToKhai>\n'.encode(),
        "dossier/ghi-chu.txt": "Hồ sơ nộp trực tuyến (dữ liệu giả lập).\n".encode(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)


main()
