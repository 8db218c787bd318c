package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// The measures of the chart, in pixels.
const (
	width      = 860
	labelWidth = 300
	barWidth   = 420
	barHeight  = 13
	gap        = 10
	margin     = 16
)

// colours of the contenders; they differ in lightness too.
var colours = map[string]string{leat: "#0b7a75", debezium: "#b8bec4"}

// panel is one figure for all workloads, as bars that begin at zero.
type panel struct {
	title string
	of    func(*result.Sample) float64
	// latency: it is of the workloads that measure that, else of the others.
	latency bool
}

var panels = []panel{
	{title: "rows per second, more is better", of: rows},
	{title: "CPU seconds per million rows, less is better", of: cpu},
	{title: "memory in MiB, less is better", of: memory},
	{title: "median latency in ms, less is better", of: p50, latency: true},
	{title: "latency in ms that 1 % of the rows exceed, less is better", of: p99, latency: true},
}

// Chart draws the medians of leat and Debezium as SVG.
func Chart(w io.Writer, f *result.File) error {
	d := &drawing{y: margin}
	for _, p := range panels {
		d.panel(p, f)
	}
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#1f2328">
<rect width="100%%" height="100%%" fill="#ffffff"/>
%s</svg>
`, width, d.y, d.b.String())
	if err != nil {
		return fmt.Errorf("write chart: %w", err)
	}
	return nil
}

// drawing is the chart so far, y its lower end.
type drawing struct {
	b strings.Builder
	y int
}

func (d *drawing) panel(p panel, f *result.File) {
	var shown []*result.Workload
	most := 0.0
	for i := range f.Workloads {
		w := &f.Workloads[i]
		if (w.Rate > 0) != p.latency || len(w.Of(leat)) == 0 {
			continue
		}
		shown = append(shown, w)
		for _, c := range []string{leat, debezium} {
			if s := w.Of(c); len(s) > 0 {
				most = max(most, mid(s, p.of))
			}
		}
	}
	if len(shown) == 0 || most == 0 {
		return
	}
	d.y += margin
	d.text(margin, d.y, "start", "bold", p.title)
	d.y += gap
	for _, w := range shown {
		d.workload(p, w, most)
	}
	d.y += gap
}

func (d *drawing) workload(p panel, w *result.Workload, most float64) {
	top := d.y
	for _, c := range []string{leat, debezium} {
		s := w.Of(c)
		if len(s) == 0 {
			continue
		}
		value := mid(s, p.of)
		length := max(1, int(value/most*barWidth))
		fmt.Fprintf(&d.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", labelWidth, d.y, length, barHeight, colours[c])
		d.text(labelWidth+length+6, d.y+barHeight-2, "start", "normal", c+" "+number(value))
		d.y += barHeight + 2
	}
	d.text(labelWidth-gap, (top+d.y)/2+3, "end", "normal", short(w))
	d.y += gap
}

// short is a title that fits beside a bar.
func short(w *result.Workload) string {
	if w.Rate > 0 {
		return thousands(int64(w.Rate)) + " rows/s"
	}
	return w.Name + ", " + thousands(w.Records) + " rows"
}

func (d *drawing) text(x, y int, anchor, weight, s string) {
	fmt.Fprintf(&d.b, `<text x="%d" y="%d" text-anchor="%s" font-weight="%s">`, x, y, anchor, weight)
	// A Builder takes all, so this cannot fail.
	_ = xml.EscapeText(&d.b, []byte(s))
	d.b.WriteString("</text>\n")
}
