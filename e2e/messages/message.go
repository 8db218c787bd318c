package main

// Kind of a message says where a user meets it and what leat does then.
type Kind string

// The kinds.
const (
	Stops    Kind = "stops"    // a person has to mend something
	Waits    Kind = "waits"    // another system is away; tried again without end
	Failure  Kind = "error"    // by where it comes from either of these, or the end of a command
	File     Kind = "file"     // a fault in the pipeline file
	Finding  Kind = "finding"  // of leat validate
	Notice   Kind = "notice"   // at /status while all goes on
	Warning  Kind = "warning"  // in the log
	LogError Kind = "log"      // in the log, at level error
	Author   Kind = "author"   // only who writes a plugin meets it
	Internal Kind = "internal" // nobody meets it: it is passed on in leat, or put in other words
)

// isShown says whether the page has messages of the kind.
func (k Kind) isShown() bool { return k != Author && k != Internal }

// Message is one that the code has.
type Message struct {
	Component string
	// Text has … for what differs.
	Text string
	Kind Kind
	// Cure that the code itself gives with it.
	Cure string
	// Optional ones only say what was being done when another error came. Where that
	// is an error of the system, an entry explains them.
	Optional bool
	// Place of the first one, for those who complete the entries.
	Place string
}

// component is a part of leat whose messages stand together.
type component struct {
	name string
	dirs []string
}

var components = []component{
	{"leat", []string{"core"}},
	{"sdk", []string{"sdk"}},
	{"mysql-source", []string{"plugins/mysql-source"}},
	{"avro-transform", []string{"plugins/avro-transform"}},
	{"kafka-sink", []string{"plugins/kafka-sink"}},
	{"bigquery-sink", []string{"plugins/bigquery-sink"}},
}
