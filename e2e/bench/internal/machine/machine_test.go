package machine

import "testing"

func TestRead(t *testing.T) {
	t.Parallel()
	m, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if m.CPU == "" || m.Cores < 1 || m.Memory < 1<<20 || m.Kernel == "" {
		t.Errorf("machine %+v", m)
	}
}

func TestField(t *testing.T) {
	t.Parallel()
	const text = "processor\t: 0\nmodel name\t: Some CPU @ 2:00\n\nmodel name\t: other\n"
	if got := field(text, "model name"); got != "Some CPU @ 2:00" {
		t.Errorf("got %q", got)
	}
	if got := field(text, "bogomips"); got != "" {
		t.Errorf("got %q for a field that is not there", got)
	}
}
