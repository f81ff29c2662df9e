// The page at "/": joins the conversation, the stage and the library.
import { mountLibrary } from "./library.js";

mountLibrary();
