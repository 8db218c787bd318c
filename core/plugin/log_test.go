package plugin

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plain is a log without times.
func plain(out io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

func TestOutputOfAProcess(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxLine+1)
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
		"no object":             {[]string{"7\n"}, "level=ERROR msg=7\n"},
		"a line without an end": {[]string{long}, "level=ERROR msg=" + long + "\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w := newOutput(plain(&out)).process()
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

func TestWhatIsPrinted(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := newOutput(plain(&out))
	stdout, stderr := o.printed(slog.LevelInfo), o.printed(slog.LevelWarn)
	fmt.Fprint(stdout, "he")
	fmt.Fprintln(stderr, `{"level":"ERROR"}`) // as it was meant for people
	fmt.Fprintln(stdout, "llo")
	want := "level=WARN msg=\"{\\\"level\\\":\\\"ERROR\\\"}\"\nlevel=INFO msg=hello\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestAFloodIsLimited(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := newOutput(plain(&out))
	now := time.Now()
	o.now = func() time.Time { return now }
	w := o.process()
	count := func(what string) int { return strings.Count(out.String(), what) }
	for range 2 * lineBurst {
		fmt.Fprintln(w, `{"level":"INFO","msg":"flood"}`)
	}
	if got := count("flood"); got != lineBurst || o.droppedLines() != lineBurst {
		t.Errorf("%d lines are logged, %d dropped", got, o.droppedLines())
	}
	if got := count("lines=1\n"); got != 1 {
		t.Errorf("that lines are left out is told %d times at first", got)
	}
	for range 2 * errorBurst {
		fmt.Fprintln(w, `{"level":"ERROR","msg":"bad"}`)
	}
	if got := count("bad"); got != errorBurst {
		t.Errorf("%d errors are logged in the flood, want %d", got, errorBurst)
	}
	now = now.Add(tellEvery)
	fmt.Fprintln(w, `{"level":"INFO","msg":"later"}`)
	if count("later") != 1 || count(fmt.Sprintf("lines=%d\n", lineBurst+errorBurst-1)) != 1 {
		t.Errorf("after a while the log ends\n%s", out.String()[max(0, out.Len()-300):])
	}
	fmt.Fprintln(w, strings.Repeat("x", 400*lineUnit))
	now = now.Add(time.Second)
	for range lineBurst {
		fmt.Fprintln(w, `{"level":"INFO","msg":"again"}`)
	}
	if got := count("again"); got > 2*linesPerSecond+1 {
		t.Errorf("%d lines are logged after one as long as 400", got)
	}
	o.end()
	o.end()
	if told := o.told; told != o.droppedLines() {
		t.Errorf("%d dropped lines are told in the end, of %d", told, o.droppedLines())
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines []string
		want  string
	}{
		"OK: the last lines": {[]string{"1", "2", "3", "4", "5", "6"}, "2; 3; 4; 5; 6"},
		"a panic without its stack": {
			[]string{"before", "panic: boom", "[signal SIGSEGV]", "goroutine 1 [running]:", "main.f()"}, "panic: boom; [signal SIGSEGV]",
		},
		"a signal that ends it": {
			[]string{"1", "SIGSEGV: segmentation violation", "PC=0x498021 m=0", "goroutine 1 [running]:", "main.f()", "rip 0x498021", "gs 0x0"},
			"SIGSEGV: segmentation violation; PC=0x498021 m=0",
		},
		"a fatal error": {[]string{"fatal error: all goroutines are asleep", "goroutine 1 [select]:", "a", "b", "c", "d"}, "fatal error: all goroutines are asleep"},
		"a long line":   {[]string{strings.Repeat("é", maxWordLength)}, strings.Repeat("é", maxWordLength/2)},
		"bytes":         {[]string{"\xff"}, "?"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w words
			for _, l := range tt.lines {
				w.add([]byte(l))
			}
			if diff := cmp.Diff(tt.want, w.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
