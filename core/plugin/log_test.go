package plugin

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLogWriter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		writes []string
		want   string
	}{
		"OK": {
			[]string{`{"time":"x","level":"WARN","msg":"slow","table":"t","rows":9007199254740993}` + "\n"},
			"level=WARN msg=slow rows=9007199254740993 table=t\n",
		},
		"a line in pieces":      {[]string{`{"level":"DEBUG",`, `"msg":"a"}`, "\n" + `{"msg":"b"}` + "\n"}, "level=DEBUG msg=a\nlevel=INFO msg=b\n"},
		"a panic":               {[]string{"panic: boom\n\ngoroutine 1\n"}, "level=ERROR msg=\"panic: boom\"\nlevel=ERROR msg=\"goroutine 1\"\n"},
		"a level of its own":    {[]string{`{"level":"LOUD","msg":"a"}` + "\n"}, "level=INFO msg=a\n"},
		"a line without an end": {[]string{strings.Repeat("x", maxLine+1)}, "level=ERROR msg=" + strings.Repeat("x", maxLine+1) + "\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w := newLogWriter(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
				Level: slog.LevelDebug,
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == slog.TimeKey {
						return slog.Attr{}
					}
					return a
				},
			})))
			for _, s := range tt.writes {
				if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
					t.Fatalf("wrote %d of %d, error %v", n, len(s), err)
				}
			}
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
