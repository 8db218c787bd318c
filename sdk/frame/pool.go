package frame

import (
	"math/bits"
	"sync"
)

// Buffers are pooled in classes, four an octave: a buffer is at most a quarter
// larger than what it is taken for. Larger ones than maxPooled are left to the
// garbage collector: they are rare, and keeping them would keep the peak.
const (
	minPooled = 512
	maxPooled = 2 << 20
	perOctave = 4
)

var pools [perOctave * 23]sync.Pool

// class returns the number and the size of the smallest class with room for n
// bytes, where 0 < n <= maxPooled.
func class(n int) (index, size int) {
	n = max(n, minPooled)
	octave := bits.Len(uint(n - 1)) // 1<<(octave-1) < n <= 1<<octave
	step := 1 << octave / (2 * perOctave)
	steps := (n + step - 1) / step // of 2*perOctave
	return perOctave*octave + steps - perOctave - 1, steps * step
}

func getBuffer(n int) []byte {
	if n > maxPooled {
		return make([]byte, n)
	}
	i, size := class(n)
	if p, ok := pools[i].Get().(*[]byte); ok {
		return (*p)[:n]
	}
	return make([]byte, n, size)
}

func putBuffer(b []byte) {
	if cap(b) > maxPooled || cap(b) == 0 {
		return
	}
	i, size := class(cap(b))
	if cap(b) != size {
		return
	}
	b = b[:0]
	pools[i].Put(&b)
}
