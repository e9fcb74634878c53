/* A library to load: a function, data, and zeros that fill pages of their own. */
int library_data[16] = { 7 };
char library_zeros[5 * 65536];

static int hidden_in_library(int value) {
	return value * library_data[0];
}

int library_function(int value) {
	library_zeros[0] = (char)value;
	return hidden_in_library(value) + 1;
}
