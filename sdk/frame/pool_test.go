package frame

import "testing"

func TestClassesFit(t *testing.T) {
	t.Parallel()
	lastIndex, lastSize := -1, 0
	for n := 1; n <= maxPooled; n += 1 + n/97 {
		i, size := class(n)
		if size < n || (n > minPooled && size-n > n/perOctave) {
			t.Fatalf("%d bytes take a buffer of %d", n, size)
		}
		if (i == lastIndex) != (size == lastSize) || i < lastIndex {
			t.Fatalf("%d bytes are in class %d of size %d, after class %d of size %d", n, i, size, lastIndex, lastSize)
		}
		if again, same := class(size); again != i || same != size {
			t.Fatalf("a buffer of class %d, %d bytes, goes back to class %d, %d bytes", i, size, again, same)
		}
		lastIndex, lastSize = i, size
	}
	if i, size := class(maxPooled); i != classes-1 || size != maxPooled {
		t.Errorf("the largest buffer is in class %d of size %d", i, size)
	}
}

func TestPool(t *testing.T) {
	t.Parallel()
	t.Run("a buffer is used again", func(t *testing.T) {
		t.Parallel()
		var p pool
		b := p.get(1000)
		p.put(b[:10])
		if again := p.get(900); &again[0] != &b[0] || len(again) != 900 {
			t.Errorf("got another buffer, of %d bytes", len(again))
		}
		if other := p.get(900); &other[0] == &b[0] {
			t.Error("a buffer has two holders")
		}
	})
	t.Run("a large one is not kept", func(t *testing.T) {
		t.Parallel()
		var p pool
		p.put(p.get(maxPooled + 1))
		if p.bytes != 0 {
			t.Errorf("%d bytes are kept", p.bytes)
		}
	})
	t.Run("those used last are kept", func(t *testing.T) {
		t.Parallel()
		var p pool
		var taken [][]byte
		for _, n := range []int{1 << 10, 1 << 20, maxPooled} {
			for range maxIdle / maxPooled {
				taken = append(taken, p.get(n))
			}
		}
		for _, b := range taken {
			p.put(b)
		}
		if p.bytes != maxIdle {
			t.Errorf("%d bytes are kept, want %d", p.bytes, maxIdle)
		}
		for _, n := range []int{1 << 10, 1 << 20} {
			if i, _ := class(n); len(p.classes[i].idle) != 0 {
				t.Errorf("%d buffers of %d bytes are kept", len(p.classes[i].idle), n)
			}
		}
	})
}
