package sdktest_test

import (
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/sdktest"
)

// brokenEnv names the fault of the plugin that a suite is run with in a process
// of its own, where it is to fail.
const brokenEnv = "LEAT_SDKTEST_BROKEN"

// quick is long for a plugin in memory, and short for a test that waits for one
// that is broken.
const quick = 700 * time.Millisecond

func base(fault string) sdktest.Driver {
	timeout := 10 * time.Second
	if fault != "" {
		timeout = quick
	}
	return sdktest.Driver{
		Config: map[string]any{"size": 3}, Timeout: timeout,
		Invalid: map[string]any{"size": map[string]any{"size": -1}},
		Faults: []sdktest.Fault{
			{Name: "unreachable", Config: map[string]any{"size": 3, "unreachable": true}, Transient: true},
			{Name: "denied", Config: map[string]any{"size": 3, "denied": true}},
		},
	}
}

// suites by the test that runs them.
var suites = map[string]func(t *testing.T, fault string){
	"Source":    func(t *testing.T, fault string) { sdktest.Source(t, sourceDriver(fault)) },
	"Transform": func(t *testing.T, fault string) { sdktest.Transform(t, transformDriver(fault)) },
	"Sink":      func(t *testing.T, fault string) { sdktest.Sink(t, sinkDriver(fault, false)) },
	"TransactionalSink": func(t *testing.T, fault string) {
		sdktest.Sink(t, sinkDriver(fault, true))
	},
}

func TestCorrect(t *testing.T) {
	for name, suite := range suites {
		t.Run(name, func(t *testing.T) { suite(t, "") })
	}
}

// faults, and the subtests of which at least one has to see them.
var faults = map[string]map[string][]string{
	"Source": {
		"no version":                {"describes_itself_completely"},
		"accepts all":               {"refuses_a_wrong_size"},
		"wrong kind of error":       {"tells_the_kind_of_fault:_denied"},
		"repeats the last record":   {"resumes_exactly_behind_each_record"},
		"skips to the transaction":  {"resumes_exactly_behind_each_record"},
		"position ahead of record":  {"loses_nothing_when_it_is_killed"},
		"reorders":                  {"sends_all_changes_in_order"},
		"loses a record":            {"sends_all_changes_in_order"},
		"one stream for all sinks":  {"gives_each_sink_its_own_share"},
		"starves the others":        {"streams_on_for_the_others_while_a_sink_is_new"},
		"waits for a second record": {"sends_a_lone_change_at_once", "starts_without_a_checkpoint"},
		"drops at stop":             {"sends_all_it_has_read_at_a_stop"},
		"leaves a goroutine":        {"can_be_stopped_twice"},
		"forgets the state":         {"resumes_exactly_behind_each_record"},
		"counts no rows":            {"tells_how_far_it_has_come,_if_it_does"},
	},
	"Transform": {
		"counts across batches": {"gives_the_same_answers_after_a_crash"},
		"takes bad records":     {"stops_for_good_at:_no_value"},
		"retries bad records":   {"stops_for_good_at:_no_value"},
		"loses a record":        {"answers_each_batch_with_one_batch"},
		"leaves a goroutine":    {"can_be_stopped_twice"},
	},
	"Sink": {
		"acknowledges too soon":   {"acknowledges_each_batch_once_it_is_durable"},
		"forgets a batch":         {"keeps_the_order_of_a_key"},
		"acknowledges twice":      {"keeps_the_order_of_a_key", "acknowledges_each_batch_once_it_is_durable"},
		"reorders":                {"keeps_the_order_of_a_key"},
		"writes twice":            {"keeps_the_order_of_a_key"},
		"drops at stop":           {"finishes_what_it_was_sent_before_a_stop"},
		"skips what it knows not": {"stops_for_good_at:_a_change"},
		"leaves a goroutine":      {"can_be_stopped_twice"},
		"loses records at a kill": {"loses_nothing_when_it_is_killed"},
	},
	"TransactionalSink": {
		"stores no checkpoint":      {"stores_checkpoints_with_the_records"},
		"stores no state":           {"stores_checkpoints_with_the_records"},
		"checkpoint before records": {"loses_nothing_when_it_is_killed"},
		"checkpoint behind records": {"loses_nothing_when_it_is_killed", "stores_checkpoints_with_the_records"},
	},
}

// TestSuitesCatch runs each suite with plugins that are broken in one way.
func TestSuitesCatch(t *testing.T) {
	for suite, byFault := range faults {
		for fault, want := range byFault {
			t.Run(suite+"/"+fault, func(t *testing.T) {
				t.Parallel()
				catch(t, suite, fault, want)
			})
		}
	}
}

func catch(t *testing.T, suite, fault string, want []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBroken$/^"+suite+"$", "-test.v")
	cmd.Env = append(os.Environ(), brokenEnv+"="+fault)
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the suite passed:\n%s", out)
	}
	failed := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if _, name, ok := strings.Cut(line, "--- FAIL: TestBroken/"+suite+"/"); ok {
			failed[strings.TrimSpace(strings.Split(name, " (")[0])] = true
		}
	}
	if !slices.ContainsFunc(want, func(name string) bool { return failed[name] }) {
		t.Errorf("none of %q failed but %q:\n%s", want, slices.Sorted(maps.Keys(failed)), out)
	}
}

// TestBroken is run by TestSuitesCatch.
func TestBroken(t *testing.T) {
	fault := os.Getenv(brokenEnv)
	if fault == "" {
		return // all it could say is in TestCorrect
	}
	for name, suite := range suites {
		t.Run(name, func(t *testing.T) { suite(t, fault) })
	}
}
