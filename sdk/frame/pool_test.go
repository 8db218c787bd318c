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
		if (i == lastIndex) != (size == lastSize) || i < lastIndex || i >= len(pools) {
			t.Fatalf("%d bytes are in class %d of size %d, after class %d of size %d", n, i, size, lastIndex, lastSize)
		}
		if again, same := class(size); again != i || same != size {
			t.Fatalf("a buffer of class %d, %d bytes, goes back to class %d, %d bytes", i, size, again, same)
		}
		lastIndex, lastSize = i, size
	}
	if i, size := class(maxPooled); i >= len(pools) || size != maxPooled {
		t.Errorf("the largest buffer is in class %d of size %d", i, size)
	}
}

func TestBuffersComeBack(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 512, 513, 1<<20 + 48, maxPooled, maxPooled + 1} {
		b := getBuffer(n)
		if len(b) != n {
			t.Errorf("a buffer for %d bytes has %d", n, len(b))
		}
		putBuffer(b)
	}
	putBuffer(nil)
	putBuffer(make([]byte, 700)) // of no class: never to be handed out as one
	if b := getBuffer(760); cap(b) < 760 {
		t.Errorf("a buffer for 760 bytes has room for %d", cap(b))
	}
}
