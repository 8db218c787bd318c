// Package micro runs the benchmarks of single steps, those of go test -bench, and
// reads what they print.
package micro

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/leat-io/leat/e2e/bench/internal/result"
)

const module = "github.com/leat-io/leat/"

// packages hold the steps of a row's way: read from the binlog and encoded, framed,
// put into its envelope, produced.
var packages = []string{
	"./plugins/mysql-source/...", "./sdk/...", "./plugins/avro-transform/...", "./plugins/kafka-sink/...",
}

// Run runs all benchmarks of the packages count times each.
func Run(ctx context.Context, count int) ([]result.Benchmark, error) {
	args := append([]string{"test", "-run", "^$", "-bench", ".", "-benchmem", "-count", strconv.Itoa(count)}, packages...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run micro-benchmarks: %w:\n%s", err, out)
	}
	return Parse(bytes.NewReader(out))
}

// line is a benchmark's: name, processors, iterations, and values with units.
var line = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.+)$`)

// Parse reads the output of go test -bench; the runs of a benchmark are put together.
func Parse(r io.Reader) ([]result.Benchmark, error) {
	var out []result.Benchmark
	index := map[string]int{}
	pkg := ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if p, ok := strings.CutPrefix(lines.Text(), "pkg: "); ok {
			pkg = strings.TrimPrefix(p, module)
		}
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		key := pkg + " " + m[1]
		if _, ok := index[key]; !ok {
			index[key] = len(out)
			out = append(out, result.Benchmark{Package: pkg, Name: m[1], Metrics: map[string][]float64{}})
		}
		if err := metrics(out[index[key]].Metrics, strings.Fields(m[2])); err != nil {
			return nil, fmt.Errorf("read %q: %w", lines.Text(), err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read micro-benchmarks: %w", err)
	}
	return out, nil
}

func metrics(into map[string][]float64, fields []string) error {
	if len(fields)%2 != 0 {
		return fmt.Errorf("%d fields are no pairs of value and unit", len(fields))
	}
	for i := 0; i < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return err
		}
		into[fields[i+1]] = append(into[fields[i+1]], value)
	}
	return nil
}
