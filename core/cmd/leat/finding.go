package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/leat-io/leat/core/pipeline"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// The severities as they are printed.
const (
	severityOK      = "ok"
	severityWarning = "warning"
	severityError   = "error"
)

// finding is one result of validate.
type finding struct {
	Severity string `json:"severity"`
	Pipeline string `json:"pipeline,omitempty"`
	// Stage is "source", "transform" or the name of a sink.
	Stage string `json:"stage,omitempty"`
	Check string `json:"check,omitempty"`
	// code is what leat run would end with, if that is known of an error.
	code int
	// silent says that the plugin has not answered.
	silent bool
	pipeline.Problem
}

// severityOf takes a severity it does not know for an error.
func severityOf(s leatv1.Severity) string {
	switch s {
	case leatv1.Severity_SEVERITY_OK:
		return severityOK
	case leatv1.Severity_SEVERITY_WARNING:
		return severityWarning
	}
	return severityError
}

// write prints a line, and the cure below it.
func (f finding) write(b *strings.Builder) {
	place := f.Position.String()
	if f.Severity == severityOK {
		place = f.File
	}
	fmt.Fprintf(b, "%-8s %s: %s\n", f.Severity, place, f.subject()+f.Message)
	if f.Cure != "" && f.Severity != severityOK {
		fmt.Fprintf(b, "         %s\n", f.Cure)
	}
}

// subject is the key, or the stage and check where no key is at fault.
func (f finding) subject() string {
	switch {
	case f.Severity != severityOK && f.Path != "":
		return f.Path + ": "
	case f.Stage != "" && f.Check != "":
		return f.Stage + ": " + f.Check + ": "
	}
	return ""
}

// print writes all findings, and for people a line that counts them.
func (v *validation) print(asJSON bool) error {
	if asJSON {
		if v.findings == nil {
			v.findings = []finding{}
		}
		return writeJSON(v.app.stdout, v.findings)
	}
	var b strings.Builder
	counts := map[string]int{}
	for _, f := range v.findings {
		f.write(&b)
		counts[f.Severity]++
	}
	fmt.Fprintf(&b, "%d ok, %s, %s\n", counts[severityOK],
		plural(counts[severityWarning], severityWarning), plural(counts[severityError], severityError))
	_, err := io.WriteString(v.app.stdout, b.String())
	return err
}
