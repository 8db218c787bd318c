package row_test

import (
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
)

func TestCharsetText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ charset, raw, want string }{
		"UTF-8":          {"utf8mb4", "a\xf0\x9f\x98\x80", "a😀"},
		"its old name":   {"utf8", "\xc3\xa9", "é"},
		"damaged UTF-8":  {"utf8mb4", "a\xff", "a\ufffd"},
		"latin1":         {"latin1", "\xe9\x80", "é€"},
		"UTF-16":         {"utf16", "\xd8\x3d\xde\x00\x00b", "😀b"},
		"gbk":            {"gbk", "\xc4\xa3b", "模b"},
		"bytes":          {"binary", "\xc3\xa9\xff", "é\ufffd"},
		"no characters":  {"utf8mb4", "", ""},
		"Swedish letter": {"swe7", "{", "ä"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := row.CharsetText(tt.charset, []byte(tt.raw)); err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	if _, err := row.CharsetText("klingon", nil); err == nil {
		t.Error("a character set that nobody knows was read")
	}
}
