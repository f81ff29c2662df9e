// The Library tab.
export function mountLibrary() {}
