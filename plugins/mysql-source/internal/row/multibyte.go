package row

import (
	"errors"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/transform"
)

// multibyte is a character set of the far east.
type multibyte struct{ transformer transform.Transformer }

// multibyteCharsets are decoders without state, whose Transform may be called
// by many goroutines at once.
func multibyteCharsets() map[string]multibyte {
	of := func(e encoding.Encoding) multibyte { return multibyte{transformer: e.NewDecoder().Transformer} }
	return map[string]multibyte{
		"big5":    of(traditionalchinese.Big5),
		"cp932":   of(japanese.ShiftJIS),
		"sjis":    of(japanese.ShiftJIS),
		"eucjpms": of(japanese.EUCJP),
		"ujis":    of(japanese.EUCJP),
		"euckr":   of(korean.EUCKR),
		"gb2312":  of(simplifiedchinese.GBK),
		"gbk":     of(simplifiedchinese.GBK),
		"gb18030": of(simplifiedchinese.GB18030),
	}
}

func (m multibyte) decode(dst, src []byte) []byte {
	for len(src) > 0 {
		if cap(dst)-len(dst) < 4 {
			dst = append(dst, make([]byte, 3*len(src)+4)...)[:len(dst)]
		}
		n, k, err := m.transformer.Transform(dst[len(dst):cap(dst)], src, true)
		dst, src = dst[:len(dst)+n], src[k:]
		if err != nil && !errors.Is(err, transform.ErrShortDst) {
			return appendRest(dst, src)
		}
		if errors.Is(err, transform.ErrShortDst) {
			dst = append(dst, make([]byte, 3*len(src)+4)...)[:len(dst)]
		}
	}
	return dst
}
