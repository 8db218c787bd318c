// Package report turns results into the page that people read, and its chart.
//
// Start reading at Markdown; chart.go draws, format.go writes numbers.
package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// The contenders that the report compares, and Again, which is leat a second time.
const (
	leat     = "leat"
	Again    = "leat-again"
	debezium = "debezium"
)

// WriteTo writes benchmarks.md and benchmarks.svg into a folder.
func WriteTo(dir string, f *result.File) error {
	var page, chart bytes.Buffer
	if err := errors.Join(Markdown(&page, f), Chart(&chart, f)); err != nil {
		return err
	}
	for name, b := range map[string][]byte{"benchmarks.md": page.Bytes(), "benchmarks.svg": chart.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil { //nolint:gosec // for all to read
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}

// Markdown writes the page.
func Markdown(w io.Writer, f *result.File) error {
	p := &page{}
	p.raw(head)
	p.summary(f)
	p.raw(method)
	for i := range f.Workloads {
		if o := &f.Workloads[i]; o.Rate > 0 {
			p.latency(o)
		} else {
			p.throughput(o)
		}
	}
	p.micro(f.Micro)
	p.raw(profiles)
	if _, err := w.Write(p.b.Bytes()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// page is the text so far.
type page struct{ b bytes.Buffer }

func (p *page) raw(s string) { p.b.WriteString(s) }

func (p *page) f(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// row writes a row of a table.
func (p *page) row(cells ...string) {
	for _, c := range cells {
		p.raw("| " + c + " ")
	}
	p.raw("|\n")
}

// table writes the head of a table: the first column is text, the others are numbers.
func (p *page) table(columns ...string) {
	p.raw("\n")
	p.row(columns...)
	for i := range columns {
		if i == 0 {
			p.raw("| --- ")
			continue
		}
		p.raw("| ---: ")
	}
	p.raw("|\n")
}
