package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/sdk/config"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// checkRecords is whether a plugin takes what its neighbour sends.
const checkRecords = "records"

// described is what the plugins of a pipeline say of themselves, by stage; nil
// for one that could not be asked.
type described map[string]*leatv1.DescribeResponse

// misfits finds each stage that takes none of the kinds of record which are sent
// to it. A plugin that says nothing of them is not judged.
func misfits(f *pipeline.File, d described) []finding {
	var found []finding
	stages := f.Definition.Stages()
	sender := stages[0]
	for _, taker := range stages[1:] {
		if !fits(d[sender.Name].GetEmits(), d[taker.Name].GetAccepts()) {
			found = append(found, misfit(f, sender, taker, d))
		}
		if kindOf(taker) == leatv1.Kind_KIND_TRANSFORM {
			sender = taker
		}
	}
	return found
}

func fits(sent, taken []leatv1.RecordKind) bool {
	return len(sent) == 0 || len(taken) == 0 ||
		slices.ContainsFunc(sent, func(k leatv1.RecordKind) bool { return slices.Contains(taken, k) })
}

func misfit(f *pipeline.File, sender, taker pipeline.NamedStage, d described) finding {
	sent, taken := kindNames(d[sender.Name].GetEmits()), kindNames(d[taker.Name].GetAccepts())
	return finding{
		Severity: severityError, Pipeline: f.Definition.Name, Stage: taker.Name, Check: checkRecords,
		Problem: f.Problem(config.Problem{
			Path:    taker.Path + ".plugin",
			Message: fmt.Sprintf("%s takes %s, but %s sends it %s", taker.Plugin, taken, sender.Plugin, sent),
			Cure:    fitting(sender, taker, sent, taken),
		}),
	}
}

// fitting says how to make neighbours fit.
func fitting(sender, taker pipeline.NamedStage, sent, taken string) string {
	switch {
	case kindOf(taker) == leatv1.Kind_KIND_TRANSFORM:
		return "name a transform that takes " + sent + ", or remove it"
	case kindOf(sender) == leatv1.Kind_KIND_TRANSFORM:
		return fmt.Sprintf("name a sink that takes %s, or a transform that makes %s, or remove the transform", sent, taken)
	case sent == "changes" && taken == "messages":
		return "add a transform that makes messages of changes: transform: {plugin: avro-transform, config: {…}}"
	}
	return fmt.Sprintf("add a transform that makes %s of %s", taken, sent)
}

// kindNames writes kinds of record as people do: "changes and messages".
func kindNames(kinds []leatv1.RecordKind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = strings.ToLower(strings.TrimPrefix(k.String(), "RECORD_KIND_")) + "s"
	}
	return strings.Join(names, " and ")
}
