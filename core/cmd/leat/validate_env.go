package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk/config"
)

// checkEnvironment is the check of the variables that a plugin is to get.
const checkEnvironment = "environment"

// undeclared reports variables that are listed for a plugin which does not use them.
func undeclared(f *pipeline.File, s pipeline.NamedStage, e *plugin.EnvironmentError) []finding {
	var findings []finding
	for i, name := range s.Env {
		if slices.Contains(e.Undeclared, name) {
			findings = append(findings, envFinding(f, s, i, severityError, e.Fault(name), "remove it, or correct its name"))
		}
	}
	return findings
}

// unset warns of variables that are listed and not there.
func unset(f *pipeline.File, s pipeline.NamedStage) []finding {
	var findings []finding
	for i, name := range s.Env {
		if _, ok := os.LookupEnv(name); !ok {
			findings = append(findings, envFinding(f, s, i, severityWarning,
				fmt.Sprintf("lists %s, which is not set in leat's environment", name), "set it, or remove it from the list"))
		}
	}
	return findings
}

func envFinding(f *pipeline.File, s pipeline.NamedStage, i int, severity, message, cure string) finding {
	return finding{
		Severity: severity, Pipeline: f.Definition.Name, Stage: s.Name, Check: checkEnvironment,
		Problem: f.Problem(config.Problem{Path: s.Path + ".env[" + strconv.Itoa(i) + "]", Message: message, Cure: cure}),
	}
}
