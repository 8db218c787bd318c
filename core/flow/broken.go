package flow

import "github.com/leat-io/leat/core/contain"

// step has the machine take a step. One that panics leaves the machine in a state
// that nobody knows: from then on every step returns that panic, so that no
// position moves any more.
func (f *Flow) step(take func() error) error {
	if f.broken != nil {
		return f.broken
	}
	err := contain.Call(take)
	if contain.Is(err) {
		f.broken = err
	}
	return err
}

// must is for steps that cannot fail but by a panic.
func (f *Flow) must(take func()) {
	if err := f.step(func() error { take(); return nil }); err != nil {
		panic(err)
	}
}
