//go:build e2e

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// step is what a message tells people to do: r is what the sink has, and what is
// returned what it has then.
type step func(b *bench, r *recorder) *recorder

// ailment is a message that people can meet, and each of the cures that it names.
type ailment struct {
	// on starts a server of its own; nil takes the shared one.
	on     func(t *testing.T) *bench
	tables []string
	// atOnce is for what keeps a pipeline from beginning.
	atOnce bool
	// run brings it about while the pipeline stands.
	run func(b *bench, r *recorder)
	// waits says that the source waits, and goes on by itself.
	waits bool
	// again says that it ends with an error that the host tries again.
	again bool
	// says is in the message.
	says []string
	// never is not in it.
	never string
	cures map[string]remedy
}

// remedy is a cure, and what the sink has after it and one more row, 99.
type remedy struct {
	do   step
	want []string
}

// asNew is what leat checkpoint delete does.
func asNew(*bench, *recorder) *recorder { return newRecorder(1) }

// mend runs statements.
func mend(statements ...string) step {
	return func(b *bench, r *recorder) *recorder {
		b.Helper()
		b.exec(statements...)
		return r
	}
}

// then does one thing after another.
func then(steps ...step) step {
	return func(b *bench, r *recorder) *recorder {
		for _, c := range steps {
			r = c(b, r)
		}
		return r
	}
}

// set changes the configuration.
func set(change func(b *bench)) step {
	return func(b *bench, r *recorder) *recorder {
		change(b)
		return r
	}
}

// followed brings each message about, and follows each of its cures to the letter:
// the pipeline runs on then, with the rows that it should have.
func followed(t *testing.T, ailments map[string]ailment) {
	t.Helper()
	for name, a := range ailments {
		for what, remedy := range a.cures {
			t.Run(name+"/"+what, func(t *testing.T) { a.follow(t, remedy) })
		}
	}
}

func (a *ailment) follow(t *testing.T, remedy remedy) {
	t.Helper()
	var b *bench
	if a.on != nil {
		b = a.on(t)
	} else {
		b = newBench(t)
	}
	b.exec(a.tables...)
	server := b.server
	defer func() { b.server = server }() // a cure may have led elsewhere
	r := newRecorder(1)
	if !a.atOnce {
		b.start(r).stopWhenReading()
	}
	a.run(b, r)
	x, s := b.watched(r)
	if a.waits {
		x.unhealthy(s, a.says...)
		if got := s.Health().Error(); a.never != "" && strings.Contains(got, a.never) {
			t.Errorf("it waits for %q, which tells of a %s", got, a.never)
		}
		remedy.do(b, r)
		b.goesOn(x, remedy.want)
		x.until(func() bool { return s.Health() == nil })
		x.stop()
		return
	}
	err := x.end()
	for _, says := range a.says {
		if err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(says, "DB", b.db)) {
			t.Errorf("got %v, want it to say %q", err, says)
		}
	}
	if err == nil || sdk.IsTransient(err) != a.again || a.again && !transient(err) || a.never != "" && strings.Contains(err.Error(), a.never) {
		t.Errorf("got %v, want an error that is tried again: %v, and tells of no %s", err, a.again, a.never)
	}
	x = b.start(remedy.do(b, r))
	b.goesOn(x, remedy.want)
	x.stop()
}

// goesOn expects rows, and one more that is written now.
func (b *bench) goesOn(x *run, want []string) {
	b.Helper()
	x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") || len(want) == 0 })
	b.exec("INSERT INTO z_end (id) VALUES (99)")
	x.until(func() bool { return slices.Contains(x.texts(0, 0), "c z_end {99}") })
	if got := x.texts(0, 0); !slices.Equal(got, append(slices.Clone(want), "c z_end {99}")) {
		b.Errorf("the sink has %q, want %q and the last", got, want)
	}
}

// end is a table for the row after the cure.
const end = "CREATE TABLE z_end (id INT PRIMARY KEY)"
