package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/load"
)

// The contenders on the command line.
const (
	nameLeat     = "leat"
	nameDebezium = "debezium"
)

// options are what the command line says.
type options struct {
	contenders []string
	workloads  []string
	rounds     int
	rows       int
	duration   time.Duration
	again      bool
	micro      bool
	out        string
	profiles   string
	binary     string
	command    string
}

func parse(args []string) (*options, error) {
	var names []string
	for _, w := range load.Workloads(1) {
		names = append(names, w.Name)
	}
	o := &options{command: "go run ./e2e/bench " + strings.Join(args, " ")}
	var contenders, workloads string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&contenders, "contenders", nameLeat+","+nameDebezium, "`names` of what is measured, with commas between")
	flags.StringVar(&workloads, "workloads", strings.Join(names, ","), "`names` of the workloads, with commas between; none for only -micro")
	flags.IntVar(&o.rounds, "rounds", 3, "`times` that all contenders are measured in turn")
	flags.IntVar(&o.rows, "rows", 1_000_000, "`rows` of the snapshot, by which the other workloads are scaled")
	flags.DurationVar(&o.duration, "latency-time", 30*time.Second, "`time` over which latency is measured")
	flags.BoolVar(&o.again, "aa", true, "measure leat twice a round, against itself")
	flags.BoolVar(&o.micro, "micro", false, "run the micro-benchmarks too")
	flags.StringVar(&o.out, "out", "", "`folder` to write benchmarks.md, .svg and .json to; what they hold of other workloads is kept")
	flags.StringVar(&o.profiles, "profiles", "", "`folder` to have leat's processes write profiles to, which takes some of their time")
	flags.StringVar(&o.binary, "leat", "bin/leat", "`path` of leat")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	o.contenders, o.workloads = split(contenders), split(workloads)
	return o, o.check(flags.Args())
}

func (o *options) check(rest []string) error {
	var errs []error
	if len(rest) > 0 {
		errs = append(errs, fmt.Errorf("argument %q is not a flag", rest[0]))
	}
	for _, c := range o.contenders {
		if c != nameLeat && c != nameDebezium {
			errs = append(errs, fmt.Errorf("contender %q is not one of %s, %s", c, nameLeat, nameDebezium))
		}
	}
	if len(o.contenders) == 0 {
		errs = append(errs, errors.New("-contenders names none"))
	}
	if o.rounds < 1 {
		errs = append(errs, fmt.Errorf("-rounds is %d: use 1 or more", o.rounds))
	}
	const least = 100
	if o.rows < least {
		errs = append(errs, fmt.Errorf("-rows is %d: use %d or more", o.rows, least))
	}
	if o.duration < time.Second {
		errs = append(errs, fmt.Errorf("-latency-time is %v: use 1s or more", o.duration))
	}
	return errors.Join(errs...)
}

func (o *options) has(contender string) bool { return slices.Contains(o.contenders, contender) }

func split(list string) []string {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" && name != "none" {
			out = append(out, name)
		}
	}
	return out
}
