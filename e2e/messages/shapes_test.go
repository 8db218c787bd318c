package main

import "testing"

// shapes are ways to make a message, each with what is read of it.
var shapes = map[string]struct {
	code string
	want []Message
}{
	"an error of a helper's format": {`
func permanentf(format string, args ...any) error { return sdk.Permanent(fmt.Errorf(format, args...)) }
func violation(format string, args ...any) error { return fmt.Errorf("%w: "+format, args...) }
func f() {
	_ = permanentf("its key has %d columns: set mode to append", 17)
	_ = p.permanentf("create %q", "d")
	_ = violation("frame after the end")
	_ = config.At("port", "set one", violation("port is missing"))
}`, []Message{
		{Text: "create …", Kind: Stops},
		{Text: "frame after the end", Kind: Failure},
		{Text: "its key has … columns: set mode to append", Kind: Stops},
		{Text: "port is missing", Kind: File, Cure: "set one"},
	}},

	"a format of which no error is made": {`
func (i *inspector) ok(check, format string, args ...any) { i.add(sdk.Finding{Severity: sdk.OK, Message: fmt.Sprintf(format, args...)}) }
func f() { i.ok("broker", "%s answers", address) }`, nil},

	"a note with a cure": {`
func (i *inspector) note(s sdk.Severity, path, message, cure string) { i.add(sdk.Finding{Severity: s, Message: message, Cure: cure}) }
func f() {
	i.note(sdk.Error, "topics", fmt.Sprintf("there are %d brokers", 2), "set it to 2")
	i.note(sdk.OK, "topics", "there are enough", "")
}`, []Message{{Text: "there are … brokers", Kind: Finding, Cure: "set it to 2"}}},

	"a note of what was done and an error": {`
func (i *inspector) fault(s sdk.Severity, path, what string, err error) { i.note(s, path, what+": "+err.Error(), "") }
func (p *producer) reject(what string, err error) error { return p.fail(what, err) }
func f() {
	i.fault(sdk.Error, "brokers", "connect to "+address, err)
	i.fault(sdk.Error, "brokers", what, err)
	p.reject("one record", err)
}`, []Message{{Text: "connect to …: …", Kind: Finding}}},

	"fields that are assigned": {`
func f(i int) (f sdk.Finding) {
	n := sdk.Notice{Subject: "t", Cure: "keep it longer"}
	switch i {
	case 1:
		f.Severity, f.Message, f.Cure = sdk.Warning, "the level is "+level, "raise it"
	case 2:
		f.Severity, f.Message = sdk.OK, "the level is high"
	case 3:
		f.Severity = sdk.OK
		f.Message = "the level is good"
	case 4:
		f.Message = fmt.Sprintf("dataset %s does not exist", "d")
		f.Cure = "create it"
		if denied {
			f.Cure = "grant it"
		}
	case 5:
		n.Message = "log will be deleted"
		other.Message = "not of a finding"
	case 6:
		f.Message, f.Cure = err.Error(), "see the message"
	}
	return f
}`, []Message{
		{Text: "dataset … does not exist", Kind: Finding, Cure: "create it"},
		{Text: "log will be deleted", Kind: Notice, Cure: "keep it longer"},
		{Text: "the level is …", Kind: Finding, Cure: "raise it"},
	}},

	"fields of a check that is in order at first": {`
func f() sdk.Finding {
	f := sdk.Finding{Severity: sdk.OK, Message: "has no tables"}
	if err != nil {
		f.Severity, f.Message = severity, fmt.Sprintf("list tables: %v", err)
		f.Cure = "grant it"
		return f
	}
	f.Message = "has tables"
	return f
}`, []Message{{Text: "list tables: …", Kind: Finding, Cure: "grant it"}}},

	"fields of a parameter": {`
func rights(f sdk.Finding, refused error) sdk.Finding {
	f.Message = "the account lacks a right"
	return f
}`, []Message{{Text: "the account lacks a right", Kind: Finding}}},

	"a table of codes": {`
const wait = "it passes"
type code struct { name string; kind kind; text, cure string }
var codes = map[error]code{
	errA: {name: "NOT_ENOUGH_REPLICAS", kind: passing, cure: wait},
	errB: {name: "FENCED", kind: taken, text: "another one goes on", cure: "stop one"},
	errC: {name: "EPOCH", kind: restart, cure: wait},
	errD: {name: "TOO_LARGE", kind: lasting, cure: "raise it"},
	errE: {name: "UNKNOWN", cure: "look at the log"},
}
var names = map[string]string{"a": "OF_NO_USE"}`, []Message{
		{Text: "another one goes on (FENCED)", Kind: Stops, Cure: "stop one"},
		{Text: "… (EPOCH)", Kind: Waits, Cure: "it passes"},
		{Text: "… (NOT_ENOUGH_REPLICAS)", Kind: Waits, Cure: "it passes"},
		{Text: "… (TOO_LARGE)", Kind: Stops, Cure: "raise it"},
		{Text: "… (UNKNOWN)", Kind: Failure, Cure: "look at the log"},
	}},

	"a cure that is returned": {`
func Cure(path string, err error) string {
	if errors.Is(err, errTLS) {
		return "set " + path + ".ca to the authority"
	}
	return ""
}
func (c *client) cure(ctx context.Context, kind error) string { return fmt.Sprintf("lower level %s", c.level) }
func (d *damage) Cure() string { return "not of an error that it is given" }
func secure(err error) string { return err.Error() + " is no cure" }`, []Message{
		{Text: "lower level …", Kind: Failure, Cure: "lower level …"},
		{Text: "set ….ca to the authority", Kind: Failure, Cure: "set ….ca to the authority"},
	}},

	"cures in a map": {`
var cures = map[string]string{"invalid_client": "check the client", "invalid_scope": "check the scopes"}
var names = map[string]string{"a": "no cure of anything"}
var codes = map[uint16]cure{1: {"not a text", "alone"}}`, []Message{
		{Text: "check the client", Kind: Failure, Cure: "check the client"},
		{Text: "check the scopes", Kind: Failure, Cure: "check the scopes"},
	}},

	"reasons to refuse a row": {`
const reasonDate = "is outside of the calendar"
func (e *encoder) refuse(f *field, reason string) { e.refused = &Fault{Reason: reason} }
func has(err error, reason string) bool { return true }
func f() {
	e.refuse(f, reasonDate)
	_ = &row.Fault{Key: key, Reason: fmt.Sprintf("it has %d bytes", 7)}
	_ = Left{Reason: "not of an error"}
	_ = has(err, "quota exceeded")
}`, []Message{{Text: "is outside of the calendar", Kind: Failure}, {Text: "it has … bytes", Kind: Failure}}},

	"what health waits for": {`
func (p *partition) waiting() string { return fmt.Sprintf("partition %d has no leader", p.id) }
func f() {
	s.Health.Wait("connecting to MySQL "+address, nil)
	group.Wait()
}`, []Message{
		{Text: "connecting to MySQL …", Kind: Waits}, {Text: "partition … has no leader", Kind: Waits},
	}},
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for name, test := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := tree(t, map[string]string{"a/p.go": "package p\n" + test.code})
			got, err := scan(root, []component{{"a", []string{"a"}}})
			if err != nil {
				t.Fatal(err)
			}
			compareMessages(t, test.want, got)
		})
	}
}
