package row

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// KeyText writes a message's key for people: column=value of what is short and
// plain, and the type of the rest.
func (p *Plan) KeyText(key []byte) string {
	if len(key) < header || p.keyType == nil {
		return "(none)"
	}
	r := reader{buf: key[header:]}
	parts := make([]string, 0, len(p.key))
	for i := range p.key {
		f := &p.key[i]
		parts = append(parts, f.column+"="+r.text(f))
	}
	if r.bad {
		return "(unreadable)"
	}
	return strings.Join(parts, " ")
}

func (r *reader) text(f *field) string {
	const most = 64
	if f.value >= 0 && r.long() != f.value {
		return "NULL"
	}
	switch f.code {
	case codeInt, codeIntText:
		return strconv.FormatInt(r.long(), 10)
	case codeUnsigned, codeUnsignedText:
		return strconv.FormatUint(uint64(r.long()), 10)
	case codeText:
		s := r.bytes()
		if len(s) > most {
			return fmt.Sprintf("%q…", s[:most])
		}
		return fmt.Sprintf("%q", s)
	case codeDecimal:
		return string(appendDecimal(nil, r.bytes(), f.avro.Scale))
	case codeBytes:
		b := r.bytes()
		return hex.EncodeToString(b[:min(len(b), most)])
	}
	r.skip(f.avro, 0)
	return "(" + f.avro.String() + ")"
}
